"""A warehouse behind the bus, in Python's standard library alone: serves JSON, and tells the bus where it is.

    ESB_URL=… CLIENT_ID=… CLIENT_SECRET=… python3 inventory_service.py [port]

Stock is in memory: this is about how a service comes behind the bus, not about warehouses. The variables are those of
`.local/env`; LEASE_SECONDS (30) says how long the bus believes that this instance is there without hearing from it.
"""

import base64
import json
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME, VERSION = "inventory-service", "1.0.0"
DOCUMENT = pathlib.Path(__file__).with_name("openapi.json").read_bytes()
ZONES, REASONS = ("shelf", "cold", "yard"), ("delivery", "sale", "damage", "count")
BODY_MAX = 64 * 1024
BACKOFF_S = 0.5


class Refused(Exception):
    """What the caller did wrong, as RFC 9457 has it."""

    def __init__(self, status: int, name: str, detail: str):
        super().__init__(detail)
        self.status, self.name, self.detail = status, name, detail


class Warehouse:
    """What lies where."""

    def __init__(self):
        self.lock = threading.Lock()
        self.movements = 0
        self.items = {
            "DSK-LAMP": item("DSK-LAMP", "Desk lamp", 2100, {"shelf": 40}, ["fragile", "export"], 0.85),
            "ICE-BOX": item("ICE-BOX", "Ice box", 890, {"cold": 7, "yard": 2}, ["cool"], None),
        }

    def read(self, sku: str) -> dict:
        with self.lock:
            return dict(self.find(sku))

    def list(self, zone: str | None) -> dict:
        if zone is not None and zone not in ZONES:
            raise Refused(422, "invalid-query", f"zone must be one of {', '.join(ZONES)}")
        with self.lock:
            found = [one for one in self.items.values() if zone is None or any(b["zone"] == zone for b in one["bins"])]
            return {"items": found, "next_cursor": None}

    def move(self, sku: str, new: dict) -> dict:
        delta, zone, reason = check_movement(new)
        with self.lock:
            found = self.find(sku)
            place = next((one for one in found["bins"] if one["zone"] == zone), None)
            left = delta + (place["units"] if place else 0)
            if left < 0:
                raise Refused(409, "insufficient-stock", f"there are only {left - delta} units in `{zone}`")
            if place is None:
                place = {"zone": zone, "code": f"{zone[0].upper()}-1", "units": 0}
                found["bins"].append(place)
            place["units"] = left
            found["on_hand"] += delta
            self.movements += 1
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            done = {"number": self.movements, "sku": sku, "delta": delta, "zone": zone, "reason": reason}
            return done | {"on_hand": found["on_hand"], "at": now} | ({"note": new["note"]} if "note" in new else {})

    def find(self, sku: str) -> dict:
        if sku not in self.items:
            raise Refused(404, "not-found", f"there is no `{sku}` here")
        return self.items[sku]


def item(sku: str, name: str, cost: int, stock: dict, labels: list, weight: float | None) -> dict:
    bins = [{"zone": zone, "code": f"{zone[0].upper()}-1", "units": units} for zone, units in stock.items()]
    weighed = {} if weight is None else {"weight_kg": weight}
    return {
        "sku": sku, "name": name, "on_hand": sum(stock.values()), "unit_cost": {"amount": cost, "currency": "EUR"},
        "bins": bins, "labels": labels, "counted_at": None, "note": None, "attributes": {"served_by": str(os.getpid())},
    } | weighed


def check_movement(new: object) -> tuple[int, str, dict]:
    if not isinstance(new, dict) or set(new) - {"delta", "zone", "reason", "note"}:
        raise Refused(422, "invalid-request", "a movement has delta, zone, reason and perhaps a note")
    delta, zone, reason = new.get("delta"), new.get("zone"), new.get("reason")
    if type(delta) is not int or not isinstance(new.get("note", ""), str):
        raise Refused(422, "invalid-request", "delta must be an integer, and a note text")
    named = isinstance(reason, dict) and set(reason) == {"code", "text"} and isinstance(reason["text"], str)
    if zone not in ZONES or not named or reason["code"] not in REASONS:
        raise Refused(422, "invalid-request", f"zone: {', '.join(ZONES)}; reason: code ({', '.join(REASONS)}) and text")
    return delta, zone, reason


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    timeout = 75
    warehouse = Warehouse()

    def do_GET(self):
        self.serve(self.get)

    def do_POST(self):
        self.serve(self.post)

    def get(self) -> tuple[int, bytes]:
        path, query = self.place()
        if path == ["openapi.json"]:
            return 200, DOCUMENT
        if path == ["health", "ready"]:
            return 200, b'{"status": "up"}'
        if path == ["inventory"]:
            return 200, written(self.warehouse.list(query.get("zone", [None])[0]))
        if len(path) == 2 and path[0] == "inventory":
            return 200, written(self.warehouse.read(path[1]))
        raise Refused(404, "not-found", "there is nothing here")

    def post(self) -> tuple[int, bytes]:
        body = self.rfile.read(self.length())
        path, _ = self.place()
        if len(path) != 3 or path[0] != "inventory" or path[2] != "movements":
            raise Refused(404, "not-found", "there is nothing here")
        try:
            new = json.loads(body)
        except ValueError as error:
            raise Refused(400, "malformed-body", f"the body is not JSON: {error}") from error
        return 201, written(self.warehouse.move(path[1], new))

    def length(self) -> int:
        """The bus sends small bodies whole."""
        text = self.headers.get("content-length", "")
        if not text.isdigit() or int(text) > BODY_MAX:
            self.close_connection = True
            raise Refused(413, "body-too-large", f"send Content-Length, and {BODY_MAX} bytes at most")
        return int(text)

    def place(self) -> tuple[list, dict]:
        url = urllib.parse.urlsplit(self.path)
        path = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        return path, urllib.parse.parse_qs(url.query)

    def serve(self, act):
        try:
            status, body, kind = *act(), "application/json"
        except Refused as no:
            title = no.name.replace("-", " ").capitalize()
            problem = {"type": f"urn:problem:{no.name}", "title": title, "status": no.status, "detail": no.detail}
            status, body, kind = no.status, written(problem), "application/problem+json"
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """The bus writes down what passes."""


def written(document: dict) -> bytes:
    return json.dumps(document).encode()


class Registration:
    """A place in the bus's registry, kept until the process ends."""

    def __init__(self, own: str):
        self.esb, self.lease = os.environ["ESB_URL"].rstrip("/"), int(os.environ.get("LEASE_SECONDS", "30"))
        self.service = {
            "name": NAME, "url": own, "version": VERSION, "openapi_url": f"{own}/openapi.json",
            "lease_seconds": self.lease,
        }
        self.token, self.instance, self.stopped = "", "", threading.Event()

    def keep(self):
        """Again at a third of the lease; soon where the bus is not there, or the token is no longer good."""
        pause = 0.0
        while not self.stopped.wait(pause):
            try:
                self.register()
                pause = self.lease / 3
            except (OSError, ValueError, KeyError) as error:
                self.token, pause = "", min(max(2 * pause, BACKOFF_S), self.lease / 3)
                print(f"not registered, tried again in {pause} s: {error}", file=sys.stderr, flush=True)

    def register(self):
        if not self.token:
            pair = f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}"
            basic = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
            form = b"grant_type=client_credentials&scope=registry"
            self.token = self.ask("POST", "/auth/token", form, basic)["access_token"]
        told = self.ask("POST", "/registry/register", written(self.service), self.bearer())
        if self.instance != told["instance"]:
            self.instance = told["instance"]
            print(f"registered as {self.instance}", flush=True)

    def leave(self):
        self.stopped.set()
        if self.instance:
            self.ask("DELETE", f"/registry/services/{NAME}/{self.instance}", None, self.bearer())

    def bearer(self) -> dict:
        return {"authorization": f"Bearer {self.token}", "content-type": "application/json"}

    def ask(self, method: str, path: str, body: bytes | None, headers: dict) -> dict:
        request = urllib.request.Request(self.esb + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read() or b"{}")


def main():
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    own = f"http://127.0.0.1:{server.server_port}"
    registration = Registration(own)
    threading.Thread(target=registration.keep, daemon=True).start()
    # `shutdown` waits for the loop that this very thread runs.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {own}", flush=True)
    server.serve_forever()
    try:
        registration.leave()
    except OSError as error:
        print(f"could not be taken off the registry: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
