import pytest

from customers.interfaces.readings_csv import UnreadableFileError, read_histories
from customers.logic.forecast.backtest import VehicleHistory

pytestmark = pytest.mark.logic

HEAD = "vehicle_id,date,odometer,unit,event_kind"


def test_read_histories_by_vehicle_in_kilometres():
    lines = [
        HEAD,
        "a,2020-01-02,1000,km,service",
        "fleet_7,2020-01-01,10.5,mi,service",
        "a,2020-01-01,900,km,",
    ]

    histories = read_histories(lines)

    assert histories.bad_rows == []
    assert histories.vehicles == [
        VehicleHistory([(18263, 1000.0), (18262, 900.0)]),
        VehicleHistory([(18262, 10.5 * 1.609344)], is_fleet=True),
    ]


def test_read_histories_fleet_by_its_events():
    assert read_histories([HEAD, "a,2020-01-01,900,km,fleet_service"]).vehicles[0].is_fleet


def test_read_histories_names_bad_rows_and_goes_on():
    lines = [
        HEAD,
        "a,01/02/2020,1000,km,",
        "a,2020-01-01,1;0,km,",
        "a,2020-01-01,10,miles,",
        "a,2020-01-01",
        "a,2020-01-01,900,km,",
    ]

    histories = read_histories(lines)

    assert [line for line, _ in histories.bad_rows] == [2, 3, 4, 5]
    assert "'miles' is neither mi nor km" in histories.bad_rows[2][1]
    assert histories.vehicles == [VehicleHistory([(18262, 900.0)])]


def test_read_histories_of_another_file():
    with pytest.raises(UnreadableFileError, match=r"No column vehicle_id, odometer\."):
        read_histories(["date,unit", "2020-01-01,km"])
    with pytest.raises(UnreadableFileError):
        read_histories([])
