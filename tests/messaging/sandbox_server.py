"""The sandbox in a thread of the test, spoken to over a real socket."""

import asyncio
import json
import threading
import urllib.request
from pathlib import Path

from aiohttp import web

from messaging.sandbox import keys
from messaging.sandbox.server import Sandbox, SandboxConfig

SECRET = "test-master-secret"


class RunningSandbox:
    """Started by `start`, stopped by `stop`; `url` is its address."""

    def __init__(self, folder: Path, *, secret: str = SECRET, callback_base: str = "http://127.0.0.1:9"):
        self.secret = secret
        self._config = SandboxConfig(secret, callback_base, folder / "sandbox.sqlite3")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()
        self.url = ""

    def start(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _open(self):
        self._runner = web.AppRunner(Sandbox(self._config).app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        self._ready.set()

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def call(self, method: str, path: str, account: str, data=None, token: str | None = None):
        """Call the sandbox and return (status, answer)."""
        headers = {"Authorization": f"Bearer {token or keys.bearer_token(self.secret, account)}"}
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self.url}/accounts/{account}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def behave(self, account: str, **behaviour):
        status, _ = self.call("PUT", "/behaviour", account, {"drops_callbacks": True} | behaviour)
        assert status == 200

    def messages(self, account: str, query: str = ""):
        return self.call("GET", f"/messages?limit=50000{query}", account)[1]["messages"]
