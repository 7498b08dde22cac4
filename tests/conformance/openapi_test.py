#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document against a running node, with nothing but Python's standard library.

    openapi_test.py <mikusari>

Founds a ledger in a temporary directory, runs the node, and asks for every GET operation of the document: present and
absent things, each offered media type, malformed ids. Every answer must have a status, media type and JSON form that
the document declares. Paths that the document does not have must be 404, other methods 405.
"""
import hashlib
import http.client
import json
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.parse

FORMATS = {"type", "properties", "required", "additionalProperties", "items", "maxItems", "enum", "const", "pattern", "minimum",
           "maximum", "anyOf", "allOf", "oneOf", "description", "format", "contentEncoding", "$ref"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


class Invalid(Exception):
    pass


def demand(condition, where, what):
    if not condition:
        raise Invalid(f"{where}: {what}")


def validate(value, schema, document, where="$"):
    """JSON Schema 2020-12, the words that our documents use; an unknown word fails, so that none is passed over."""
    demand(set(schema) <= FORMATS, where, f"schema words that this test does not know: {set(schema) - FORMATS}")
    if "$ref" in schema:
        target = document
        for word in schema["$ref"].removeprefix("#/").split("/"):
            target = target[word]
        return validate(value, target, document, where)
    for part in schema.get("allOf", []):
        validate(value, part, document, where)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            fitting = sum(1 for part in schema[word] if fits(value, part, document))
            demand(fitting == 1 if word == "oneOf" else fitting > 0, where, f"{value!r} fits {fitting} of {word}")
    if "const" in schema:
        demand(value == schema["const"], where, f"{value!r} is not {schema['const']!r}")
    if "enum" in schema:
        demand(value in schema["enum"], where, f"{value!r} is none of {schema['enum']}")
    kind = schema.get("type")
    if kind == "integer":
        demand(isinstance(value, int) and not isinstance(value, bool), where, f"{value!r} is no integer")
        demand(schema.get("minimum", value) <= value <= schema.get("maximum", value), where, f"{value} is out of bounds")
    elif kind:
        demand(isinstance(value, TYPES[kind]), where, f"{value!r} is no {kind}")
    if "pattern" in schema and isinstance(value, str):
        demand(re.search(schema["pattern"], value), where, f"{value!r} does not match {schema['pattern']}")
    if isinstance(value, list):
        demand(len(value) <= schema.get("maxItems", len(value)), where, "too many items")
        for index, item in enumerate(value):
            validate(item, schema.get("items", {}), document, f"{where}[{index}]")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        demand(set(schema.get("required", [])) <= set(value), where, f"lacks {set(schema.get('required', [])) - set(value)}")
        if schema.get("additionalProperties", True) is False:
            demand(set(value) <= set(properties), where, f"has unknown {set(value) - set(properties)}")
        for name, item in value.items():
            validate(item, properties.get(name, {}), document, f"{where}.{name}")
    return None


def fits(value, schema, document):
    try:
        validate(value, schema, document)
    except Invalid:
        return False
    return True


class Node:
    """A node of its own in a temporary directory."""

    def __init__(self, program, directory):
        self.home = pathlib.Path(directory) / "node"
        self.call(program, "node", "init", str(self.home), "--founder", "acme", "--port", "0", "--operations", "", "--open")
        self.process = subprocess.Popen([program, "node", "run", str(self.home), "--json"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the node did not start")
        url = urllib.parse.urlsplit(json.loads(line)["url"])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.home / "tls/certificate.pem")
        self.connection = http.client.HTTPSConnection(url.hostname, url.port, context=context, timeout=30)
        ledger = hashlib.sha256((self.home / "genesis.cbor").read_bytes()).digest()
        self.ledger, self.founder = ledger.hex(), hashlib.sha256(b"mikusari/member/1" + ledger + b"acme").hexdigest()

    @staticmethod
    def call(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: {done.stderr}{done.stdout}")

    def ask(self, path, method="GET", accept=None, body=None, content_type=None):
        headers = {"Accept": accept} if accept else {}
        if content_type:
            headers["Content-Type"] = content_type
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.getheader("Content-Type", ""), response.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def same_type(declared, given):
    return [part.strip() for part in declared.split(";")] == [part.strip() for part in given.split(";")]


class Checks:
    def __init__(self, node, document):
        self.node, self.document, self.passed, self.failures = node, document, 0, []

    def expect(self, condition, what):
        if condition:
            self.passed += 1
        else:
            self.failures.append(what)

    def answer(self, path, operation, accept, method="GET", **rest):
        """Asks, and holds the answer against the operation's declared responses."""
        status, media_type, body = self.node.ask(path, method, accept, **rest)
        name = f"{method} {path} as {accept}: {status} {media_type}"
        declared = operation["responses"].get(str(status))
        self.expect(declared is not None, f"{name}: this status is not declared")
        if declared is None:
            return status
        contents = {key: value for key, value in declared.get("content", {}).items() if same_type(key, media_type)}
        self.expect(contents, f"{name}: this media type is not declared, but {list(declared.get('content', {}))}")
        for content in contents.values():
            if "json" in media_type:
                try:
                    validate(json.loads(body), content.get("schema", {}), self.document)
                    self.passed += 1
                except (Invalid, ValueError) as why:
                    self.failures.append(f"{name}: {why}")
        return status


def value_of(parameter, kind, node):
    """A path parameter's value: of something that is there, of something absent, or malformed."""
    if kind == "malformed":
        return "%21"
    name, pattern = parameter["name"], parameter["schema"].get("pattern", "")
    if name == "handle":
        return node.founder if kind == "present" else node.ledger
    if "enum" in parameter["schema"]:
        return parameter["schema"]["enum"][0]
    if name == "level":
        return "0"
    if name == "path":
        return "000.p/1" if kind == "present" else "999"
    if name == "index":
        return "0"
    return node.ledger if "64" in pattern else "0"


def check_operation(checks, path, operation):
    required = "&".join("from=1" for parameter in operation.get("parameters", []) if parameter["in"] == "query" and parameter["required"])
    for kind in ("present", "absent", "malformed"):
        target = path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                target = target.replace("{" + parameter["name"] + "}", value_of(parameter, kind, checks.node))
        offered = list(operation["responses"]["200"].get("content", {}))
        for accept in [None, *offered]:
            checks.answer(target + ("?" + required if required else ""), operation, accept)
        if required:
            checks.expect(checks.answer(target, operation, None) == 400, f"{target}: a required parameter may be missing")
    status = checks.answer(target, operation, "image/png")
    checks.expect(status == 406, f"{target}: Accept: image/png gives {status}")
    status, _, _ = checks.node.ask(target, "DELETE")
    checks.expect(status == 405, f"DELETE {target} gives {status}")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as directory:
        node = Node(sys.argv[1], directory)
        try:
            document = json.loads(node.ask("/v1/openapi.json")[2])
            checks = Checks(node, document)
            checks.expect(document["openapi"] == "3.1.0", "not OpenAPI 3.1")
            for path, operations in document["paths"].items():
                if "get" in operations:
                    check_operation(checks, path, operations["get"])
                if "post" in operations:
                    for content_type in [*operations["post"]["requestBody"]["content"], "text/plain"]:
                        status = checks.answer(path, operations["post"], None, "POST", body=b"\x00", content_type=content_type)
                        checks.expect(status in (400, 415), f"POST {path}: garbage gives {status}")
            for what in ("parties/" + node.founder, f"parties/{node.founder}/lists/keys", "quotas/" + node.founder):
                checks.expect(node.ask("/v1/" + what, accept="application/json")[0] == 200, f"the founder has no {what}")
            checks.expect(node.ask("/v1/none")[0] == 404, "an unknown path is not 404")
        finally:
            ended = node.stop()
        checks.expect(ended == 0, f"the node ended with {ended}")
        for failure in checks.failures:
            print("FAILED", failure)
        print(f"{checks.passed} passed, {len(checks.failures)} failed")
        return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())
