import io
import json

from django.core.management import call_command


def test_lines_are_answered_in_order_and_a_bad_one_does_not_stop_the_rest(monkeypatch):
    lines = [
        json.dumps({"id": "a", "text": "yes", "now": "2026-11-20T10:00"}),
        "no json",
        "",
        json.dumps({"id": "b", "text": "tuesday at 3", "now": "2026-11-20T10:00"}),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    out = io.StringIO()

    call_command("understand", stdout=out)

    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b"]
    assert [answer.get("intents") for answer in answers] == [["accept"], None, ["propose"]]
    assert answers[1]["line"] == 2
    assert (answers[2]["date"], answers[2]["time"]) == ("2026-11-24", "15:00")
