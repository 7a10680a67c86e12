"""A sender in a process of its own that kills itself, as SIGKILL does, at a step named by CRASH_AT."""

import asyncio
import os
import signal
import sys
from contextlib import contextmanager
from datetime import datetime

import django
from django.db import transaction


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def _after(module, name, *, calls=1):
    """Die right after the function has returned for the `calls`-th time with something in hand."""
    function, count = getattr(module, name), 0

    def dying(*args, **kwargs):
        nonlocal count
        result = function(*args, **kwargs)
        count += 1
        if count >= calls:
            die()
        return result

    setattr(module, name, dying)


def arm(step: str) -> None:  # noqa: C901 -- a table of steps
    from messaging.adapters.sandbox.sender import SandboxSender  # noqa: PLC0415
    from messaging.services import claiming, handover, recording, sending  # noqa: PLC0415

    match step:
        case "claiming, before the commit":
            _after(claiming, "_through_the_gate")
        case "claimed":
            _after(sending, "claim_batch")
        case "request built":
            _after(handover, "to_request", calls=7)
        case "request left":
            send = handover.HttpClient.send

            async def sending_then_dying(self, request, **kwargs):
                asyncio.get_running_loop().call_later(0.25, die)
                return await send(self, request, **kwargs)

            handover.HttpClient.send = sending_then_dying
        case "answered":
            parse, count = SandboxSender.parse, 0

            def parse_then_die(self, response):
                nonlocal count
                result = parse(self, response)
                count += 1
                if count >= 7:
                    die()
                return result

            SandboxSender.parse = parse_then_die
        case "recording":
            sending.record = die
        case "recording, before the commit":
            recording.transaction = _DyingTransaction()
        case "recorded":
            _after(sending, "record")
        case "":
            pass
        case _:
            raise ValueError(step)


class _DyingTransaction:
    """Stands for `django.db.transaction` in the module that records: dies when the block is done, uncommitted."""

    @contextmanager
    def atomic(self):
        with transaction.atomic():
            yield
            die()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    arm(os.environ.get("CRASH_AT", ""))
    from messaging.services import sending

    moment = datetime.fromisoformat(sys.argv[1])
    sending.drain(now=lambda: moment)
