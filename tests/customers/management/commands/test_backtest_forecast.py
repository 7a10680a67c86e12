import io

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.logic


def _csv(tmp_path, *rows: str):
    path = tmp_path / "readings.csv"
    path.write_text("\n".join(["\ufeffvehicle_id,date,odometer,unit", *rows]), encoding="utf-8")
    return path


def _run(path) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("backtest_forecast", readings=path, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_backtest_forecast_prints_both_tables(tmp_path):
    rows = [f"car,20{year}-03-01,{10_000 * (year - 14)},mi" for year in range(15, 24)]

    out, err = _run(_csv(tmp_path, *rows, "car,2024-13-01,5,mi"))

    assert out.startswith("1 vehicles, 8 questions")
    assert "| Slice" in out
    assert "Theil-Sen" in out
    assert "| 3 or more " in out
    assert "80% range" in out
    assert err.strip().endswith("month must be in 1..12")


def test_backtest_forecast_without_a_question(tmp_path):
    with pytest.raises(CommandError, match="nothing to test"):
        _run(_csv(tmp_path, "car,2015-03-01,5,mi"))


def test_backtest_forecast_without_the_file_or_the_columns(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        _run(tmp_path / "missing.csv")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="No column"):
        _run(other)
