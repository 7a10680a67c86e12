"""The product's one job, in a real browser: a file goes in, messages of four channels go out, an answer becomes an
appointment, the reminders stop, and the next file's visit closes the circle.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.e2e.product import Product, running_product

PATIENCE = 60_000  # ms: a busy machine, several processes, and a minute's sweep at worst
DUE_IN = timedelta(days=16)  # the first e-mail goes out 14 days before

CUSTOMERS = [
    ("501", "ANSWERS, ADA", "(512) 555-0171", "ada@example.com", "1 Elm St", "Austin", "TX", "78704"),
    ("502", "Silent, Sid", "(512) 555-0172", "sid@example.com", "2 Elm St", "Austin", "TX", "78704"),
]
VEHICLES = [
    ("1HGCM82633A004352", "501", 2019, "HONDA", "ACCORD"),
    ("2HGES16575H591234", "502", 2020, "HONDA", "CIVIC"),
]


def months_before(day: date, months: int) -> date:
    month = day.month - 1 - months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def as_csv(header: list[str], rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def repair_order(number: int, day: date, vin: str, odometer: int) -> tuple[object, ...]:
    return (
        number,
        day.isoformat(),
        day.isoformat(),
        vin,
        odometer,
        "LOF",
        "LUBE OIL FILTER",
        "Y",
        "89.95",
    )


RO_HEADER = [
    "RO Number",
    "Open Date",
    "Close Date",
    "VIN",
    "Mileage In",
    "Op Code",
    "Op Description",
    "Performed",
    "Amount",
]


def first_export(today: date) -> dict[str, bytes]:
    """Two customers whose oil, changed every six months, is due in DUE_IN."""
    orders = [
        repair_order(
            9000 + 10 * car + visit,
            months_before(today + DUE_IN, 6 * (5 - visit)),
            vin,
            20_000 + 4_200 * visit,
        )
        for car, (vin, *_) in enumerate(VEHICLES)
        for visit in range(5)
    ]
    return {
        "customers.csv": as_csv(
            ["Cust No", "Customer Name", "Phone", "E-Mail", "Address", "City", "State", "Zip"], CUSTOMERS
        ),
        "vehicles.csv": as_csv(["VIN", "Cust No", "Year", "Make", "Model"], VEHICLES),
        "repair_orders.csv": as_csv(RO_HEADER, orders),
    }


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product() as product:
        yield product


@pytest.fixture
def page(chromium: Browser, product: Product) -> Iterator[Page]:
    context = chromium.new_context(accept_downloads=True, viewport={"width": 1366, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{product.url}/accounts/login/")
    page.fill("input[name=login]", product.email)
    page.fill("input[name=password]", product.password)
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    yield page
    context.close()


def import_files(page: Page, product: Product, folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    page.goto(f"{product.dealership}/imports/upload/")
    page.set_input_files("input[type=file]", [folder / name for name in files])
    page.get_by_role("button", name="Check these files").click()
    page.get_by_role("button", name="Import ").click(timeout=PATIENCE)
    expect(page.get_by_text("0 rejected")).to_be_visible(timeout=PATIENCE)


def open_sandbox(page: Page, product: Product, name: str) -> None:
    page.goto(f"{product.dealership}/sandbox/?q={name.rsplit(maxsplit=1)[-1]}")
    if page.get_by_role("link", name=name).count():
        page.get_by_role("link", name=name).first.click()


def go_to(page: Page, product: Product, day: date) -> None:
    """Set the demo clock ahead to a day; everything that falls due on the way happens."""
    page.goto(f"{product.dealership}/sandbox/")
    page.get_by_label("To a day").fill(day.isoformat())
    page.get_by_role("button", name="Go to the day").click()
    expect(page.get_by_label("To a day")).to_have_attribute("min", day.isoformat(), timeout=PATIENCE)


def expect_received(page: Page, product: Product, name: str, *, within: str, text: str) -> None:
    open_sandbox(page, product, name)
    expect(page.get_by_label(within, exact=True)).to_contain_text(text, timeout=PATIENCE)


def open_customer(page: Page, product: Product, name: str) -> None:
    page.goto(f"{product.dealership}/search/?q={name.rsplit(maxsplit=1)[-1]}")
    if "/customers/" not in page.url:
        page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@pytest.mark.e2e
def test_main_loop(page: Page, product: Product, tmp_path: Path) -> None:
    today = date.today()

    import_files(page, product, tmp_path, first_export(today))
    page.goto(f"{product.dealership}/due/?within=90")
    expect(page.get_by_role("main")).to_contain_text("Ada Answers", timeout=PATIENCE)
    expect(page.get_by_role("main")).to_contain_text("Oil and filter change")

    go_to(page, product, today + timedelta(days=4))
    expect_received(page, product, "Ada Answers", within="Mailbox", text="oil")
    go_to(page, product, today + timedelta(days=13))  # a text waits for Monday, and for the end of a holiday
    expect_received(page, product, "Ada Answers", within="Phone", text="Reply with a day and time")

    page.get_by_placeholder("tuesday at 3 works").fill("tuesday at 3 works")
    page.get_by_label("Answer by text").get_by_role("button", name="Send").click()
    expect(page.get_by_label("Phone", exact=True)).to_contain_text("Booked: Tue", timeout=PATIENCE)
    open_customer(page, product, "Ada Answers")
    expect(page.get_by_role("main")).to_contain_text("An appointment is already booked")
    expect(page.get_by_role("main")).to_contain_text("Call not sent")

    go_to(page, product, today + timedelta(days=21))
    expect_received(page, product, "Sid Silent", within="Phone", text="This is an automated call")
    go_to(page, product, today + timedelta(days=29))
    expect_received(page, product, "Sid Silent", within="Mailbox", text="Letter box")
    assert "Sid Silent" in letter_text(page, product)

    visit_on = date.fromisoformat(clock_date(page, product))
    import_files(
        page,
        product,
        tmp_path,
        {"more.csv": as_csv(RO_HEADER, [repair_order(9900, visit_on, VEHICLES[0][0], 41_500)])},
    )
    open_customer(page, product, "Ada Answers")
    expect(page.get_by_role("main")).to_contain_text("Brought by reminders: Service due")


def letter_text(page: Page, product: Product) -> str:
    page.goto(f"{product.dealership}/letters/")
    page.get_by_role("button", name="Make a batch").click()
    pdf = page.get_by_role("link", name="PDF").first.get_attribute("href")
    response = page.request.get(f"{product.url}{pdf}")
    assert response.headers["content-type"] == "application/pdf"
    return "\n".join(part.extract_text() for part in PdfReader(io.BytesIO(response.body())).pages)


def clock_date(page: Page, product: Product) -> str:
    page.goto(f"{product.dealership}/sandbox/")
    return page.get_by_label("To a day").get_attribute("min")
