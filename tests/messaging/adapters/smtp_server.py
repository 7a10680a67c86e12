"""A mail server on loopback that takes, refuses or breaks off, as told."""

import socketserver
import threading
from contextlib import contextmanager


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail.example.com")
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line.split(" ")[0].split(":")[0].upper()
            if not self.answer(verb, line):
                return

    def answer(self, verb, line):
        server = self.server
        if verb in server.answers:
            if server.answers[verb] is None:
                return False
            self.say(server.answers[verb])
        elif verb == "EHLO":
            self.say("250-mail.example.com")
            self.say("250 AUTH PLAIN")
        elif verb == "AUTH":
            self.say("235 ok")
        elif verb == "DATA":
            self.say("354 go on")
            return self.take()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok")
        server.heard.append(line)
        return True

    def take(self):
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw)
        self.server.mails.append(b"".join(lines))
        last = self.server.answers.get("end of data", "250 taken")
        if last is None:
            return False
        self.say(last)
        return True

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server(**answers):
    """Yield a server; `answers` by verb ("end_of_data" for the last), None to break off there."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers = {name.replace("_", " "): answer for name, answer in answers.items()}
        server.heard, server.mails = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
