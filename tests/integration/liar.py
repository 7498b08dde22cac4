# SPDX-License-Identifier: Apache-2.0
"""Somebody between a home and its node, who hands everything on and changes what a test tells it to change."""
import hashlib
import http.client
import http.server
import ssl
import threading
import urllib.parse

import cbor2


class Liar:
    """Listens on loopback without TLS; `lie` is a function of (method, path, body, ask) that returns an answer, where
    ask(path) is what the node answers; None hands on. An answer is (status, content type, body, consistency). `more`: each
    answer says that there are further pages."""

    def __init__(self, node_url):
        self.node = urllib.parse.urlsplit(node_url)
        self.lie, self.more = None, False
        self.asked = []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                liar.asked.append(self.path)

                def ask(path=self.path):
                    return liar.forward(self.command, path, body, self.headers)

                status, kind, out, consistency = (liar.lie(self.command, self.path, body, ask) if liar.lie else None) or ask()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(out)))
                if consistency:
                    self.send_header("Mikusari-Consistency", consistency)
                if liar.more:
                    self.send_header("Mikusari-Pages-More", "true")
                self.end_headers()
                self.wfile.write(out)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def forward(self, method, path, body, headers):
        context = ssl._create_unverified_context()
        node = http.client.HTTPSConnection(self.node.hostname, self.node.port, context=context, timeout=60)
        kept = {name: headers[name] for name in ("Accept", "Content-Type", "Authorization") if name in headers}
        node.request(method, path, body or None, kept)
        got = node.getresponse()
        out = (got.status, got.getheader("Content-Type") or "", got.read(), got.getheader("Mikusari-Consistency"))
        node.close()
        return out

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def identity_of(submission):
    """SHA-256 of the Sig_structure of the statement in a submission."""
    protected, _, payload, _ = cbor2.loads(submission)[0].value
    return hashlib.sha256(cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)).digest()


def fate(identity, height, bodies):
    """An invented fate: (standing, outcome or refusal) of each body."""
    rows = [{1: index, 2: standing, (3 if standing == 1 else 4): more} for index, (standing, more) in enumerate(bodies)]
    return 200, "application/cbor", cbor2.dumps({1: identity, 2: height, 3: rows}, canonical=True), None
