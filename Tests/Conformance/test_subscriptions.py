"""Subscriptions: ITI-94 of PMIR, R4 rest-hooks, and the R5 backport; rows PMIR-94 and SUB."""

import json
import subprocess
import tempfile
import time

import pytest
from fhir.resources.R4B import get_fhir_model_class

from guarded import OTHER, OWN, Guarded, guard
from receiver import Receiver
from registry import BLUE, RED, issue, number, patient, resources, row
from server import HERE, program, start

TOPIC = "urn:tessera:topic:patient-changed"
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"


@pytest.fixture
def hook():
    receiver = Receiver()
    yield receiver
    receiver.close()


def pmir(endpoint, criteria="Patient", **changes):
    resource = {"resourceType": "Subscription", "status": "requested", "reason": "feed", "criteria": criteria,
                "contact": [{"system": "email", "value": "feed@example.org"}],
                "channel": {"type": "message", "endpoint": endpoint, "payload": "application/fhir+json"}}
    resource.update(changes)
    return resource


def backport(endpoint, content="id-only", filters=(), heartbeat=None, headers=()):
    channel = {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json",
               "_payload": {"extension": [{"url": BACKPORT + "backport-payload-content", "valueCode": content}]}}
    if heartbeat:
        channel["extension"] = [{"url": BACKPORT + "backport-heartbeat-period", "valueUnsignedInt": heartbeat}]
    if headers:
        channel["header"] = list(headers)
    resource = {"resourceType": "Subscription", "meta": {"profile": [BACKPORT + "backport-subscription"]},
                "status": "requested", "reason": "r", "criteria": TOPIC, "channel": channel}
    if filters:
        resource["_criteria"] = {"extension": [
            {"url": BACKPORT + "backport-filter-criteria", "valueString": text} for text in filters]}
    return resource


def subscribe(registry, resource, wanted="active"):
    made = registry.send("POST", "Subscription", resource, expect=201)
    assert made.headers["location"].startswith(registry.base + "/Subscription/")
    assert made.json()["status"] == "requested"
    return wait(registry, made.json()["id"], wanted)


def wait(registry, name, wanted):
    deadline = time.monotonic() + 20
    while True:
        found = registry.get(f"Subscription/{name}").json()
        if found["status"] == wanted:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def end(registry, subscription):
    registry.send("DELETE", f"Subscription/{subscription['id']}", expect=204)


@row("PMIR-94-01", "PMIR-94-02", "PMIR-94-10")
def test_every_change_is_a_feed_message(registry, hook):
    subscription = subscribe(registry, pmir(hook.url))
    value = f"SUB-{number()}"
    made = registry.create(patient((RED, value))).json()
    registry.feed(RED, value, patient((RED, value), **{n: made[n] for n in ("name", "gender", "birthDate")})
                  | {"address": [{"city": "Kisima"}]})
    registry.remove(RED, value)
    mine = lambda got: [o for o in got if made["id"] in o.body.decode()]
    got = mine(hook.wait(lambda got: len(mine(got)) >= 3))
    entries = [one.json["entry"][1]["resource"]["entry"][0] for one in got]
    assert [e["request"]["method"] for e in entries] == ["POST", "PUT", "DELETE"]
    assert "address" not in entries[0]["resource"] and entries[1]["resource"]["address"] == [{"city": "Kisima"}]
    assert "resource" not in entries[2]
    for one in got:
        bundle = one.json
        get_fhir_model_class("Bundle").model_validate(bundle)
        assert bundle["type"] == "message" and bundle["entry"][1]["resource"]["type"] == "history"
        header = bundle["entry"][0]["resource"]
        assert header["eventUri"] == "urn:ihe:iti:pmir:2019:patient-feed"
        assert header["destination"][0]["endpoint"] == hook.url
        assert header["focus"][0]["reference"] == bundle["entry"][1]["fullUrl"]
        assert one.headers["content-type"].startswith("application/fhir+json")
    assert len({one.event for one in got}) == 3
    end(registry, subscription)


@row("PMIR-94-03", "PMIR-94-04", "PMIR-94-05")
@pytest.mark.parametrize("criteria", ["Patient?identifier={system}|{value}", "Patient?identifier={value}",
                                      "Patient?_id={id}", "Patient?organization=Organization/{org}"])
def test_criteria_choose(registry, hook, criteria):
    value, organization = f"CRI-{number()}", f"o{number()}"
    body = patient((RED, value), managingOrganization={"reference": f"Organization/{organization}"})
    made = registry.create(body).json()
    text = criteria.format(system=RED, value=value, id=made["id"], org=organization)
    subscription = subscribe(registry, pmir(hook.url, text))
    registry.create(patient((RED, f"CRI-{number()}")))
    registry.feed(RED, value, body | {"address": [{"city": "Ziwani"}]})
    got = hook.wait(lambda got: len(got) >= 1)
    time.sleep(0.5)
    assert len(hook.taken()) == 1 and got[0].patient["id"] == made["id"]
    end(registry, subscription)


@row("PMIR-94-06", "SUB-03")
@pytest.mark.parametrize("change", [
    {"channel": {"type": "message", "payload": "application/fhir+json"}}, {"contact": None},
    {"criteria": "Observation"}, {"criteria": "Patient?nonsense=1"}, {"criteria": "urn:nobody:topic"},
    {"channel": {"type": "websocket", "endpoint": "http://x", "payload": "application/fhir+json"}},
    {"channel": {"type": "message", "endpoint": "ftp://x", "payload": "application/fhir+json"}}])
def test_what_cannot_be_subscribed_to(registry, change):
    resource = {n: v for n, v in (pmir("http://127.0.0.1:9/x") | change).items() if v is not None}
    assert issue(registry.send("POST", "Subscription", resource, expect=(400, 422)))["severity"] == "error"


@pytest.mark.parametrize("endpoint, headers", [
    ("http://169.254.169.254/latest", []), ("http://[fe80::1]/x", []), ("http://0.0.0.0:9/x", []),
    ("http://user:word@example.org/x", []), ("http://[::ffff:169.254.169.254]/x", []),
    ("http://127.0.0.1:9/x", ["Transfer-Encoding: chunked"]), ("http://127.0.0.1:9/x", ["Content-Length: 0"]),
    ("http://127.0.0.1:9/x", ["Host: inner"]), ("http://127.0.0.1:9/x", ["X Y: z"]),
    ("http://127.0.0.1:9/x", ["X\r\nY: z"])])
def test_a_subscriber_does_not_turn_the_registry_against_others(registry, endpoint, headers):
    answer = registry.send("POST", "Subscription", backport(endpoint, headers=headers), expect=422)
    assert issue(answer)["expression"][0].startswith("Subscription.channel.")


def test_a_redirect_is_not_followed(registry):
    elsewhere = Receiver()
    hook = Receiver(lambda one: 307)
    hook.location = elsewhere.url
    end(registry, subscribe(registry, backport(hook.url), wanted="error"))
    assert hook.got and not elsewhere.got
    hook.close()
    elsewhere.close()


@row("SUB-03")
@pytest.mark.parametrize("change", [{"filters": ["Encounter?x=1"]}, {"filters": ["Patient?nonsense=1"]},
                                    {"content": "everything"}])
def test_what_the_backport_refuses(registry, change):
    registry.send("POST", "Subscription", backport("http://127.0.0.1:9/x", **change), expect=(400, 422))


@row("PMIR-94-07", "PMIR-94-08")
def test_off_on_and_gone(registry, hook):
    subscription = subscribe(registry, pmir(hook.url))
    path = f"Subscription/{subscription['id']}"
    off = registry.send("PUT", path, subscription | {"status": "off"}, expect=200).json()
    assert off["status"] == "off"
    time.sleep(0.5)
    before = len(hook.got)
    silent = registry.create(patient((RED, f"OFF-{number()}"))).json()["id"]
    time.sleep(1)
    assert len(hook.got) == before
    registry.send("PUT", f"Subscription/{subscription['id']}", off | {"status": "requested"}, expect=200)
    wait(registry, subscription["id"], "active")
    heard = registry.create(patient((RED, f"ON-{number()}"))).json()["id"]
    got = hook.wait(lambda got: any(heard in o.body.decode() for o in got))
    assert not any(silent in o.body.decode() for o in got)
    registry.send("PUT", f"Subscription/{subscription['id']}", off | {"id": "another"}, expect=400)
    end(registry, subscription)
    registry.get(f"Subscription/{subscription['id']}", expect=(404, 410))
    count = len(hook.got)
    registry.create(patient((RED, f"END-{number()}")))
    time.sleep(1)
    assert len(hook.got) == count


@row("PMIR-94-09")
def test_a_subscriber_that_is_away_loses_nothing(registry):
    broken = {"is": True}
    hook = Receiver(lambda one: 503 if broken["is"] else 200)
    subscription = subscribe(registry, pmir(hook.url))
    ids = [registry.create(patient((RED, f"AWAY-{number()}"))).json()["id"] for _ in range(3)]
    found = wait(registry, subscription["id"], "error")
    assert "503" in found["error"]
    broken["is"] = False
    hook.wait(lambda got: all(any(i in o.body.decode() for o in got) for i in ids), seconds=30)
    wait(registry, subscription["id"], "active")
    end(registry, subscription)
    hook.close()


def test_what_is_refused_is_set_aside(registry):
    poison = f"DEAD-{number()}"
    hook = Receiver(lambda one: 422 if poison in one.body.decode() else 200)
    subscription = subscribe(registry, pmir(hook.url))
    registry.create(patient((RED, poison)))
    after = registry.create(patient((RED, f"DEAD-{number()}"))).json()["id"]
    hook.wait(lambda got: any(after in o.body.decode() for o in got))
    deadline = time.monotonic() + 10
    while True:
        told = registry.http.get(registry.url + "/api/v1/subscriptions").json()["subscriptions"]
        mine = next(one for one in told if one["id"] == subscription["id"])
        if mine["deadLetters"] or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    assert mine["deadLetters"] == 1 and mine["dead"][0]["reason"] == "status 422" and mine["status"] == "active"
    metrics = registry.http.get(registry.url + "/metrics").text
    name = f'subscription="{subscription["id"]}"'
    assert f'tessera_subscription_notifications_total{{{name},outcome="dead"}} 1' in metrics
    end(registry, subscription)
    hook.close()


def test_dead_letters_are_told_again_in_order(registry):
    """Nothing about a person overtakes a letter that was refused; the program tells them again."""
    poison, plain = f"DEAD-{number()}", f"DEAD-{number()}"
    broken = {"is": True}
    hook = Receiver(lambda one: 422 if broken["is"] and poison in one.body.decode() else 200)
    subscription = subscribe(registry, pmir(hook.url))
    made = patient((RED, poison))
    for city in ("one", "two", "three"):
        made["address"] = [{"city": city}]
        registry.feed(RED, poison, made)
    registry.create(patient((RED, plain)))

    def letters():
        told = registry.http.get(registry.url + "/api/v1/subscriptions").json()["subscriptions"]
        return next(one for one in told if one["id"] == subscription["id"])["deadLetters"]

    def wait_for(count):
        deadline = time.monotonic() + 20
        while letters() != count:
            assert time.monotonic() < deadline, letters()
            time.sleep(0.1)

    def cities():
        mine = [o for o in hook.taken() if poison in o.body.decode()]
        return [o.patient["address"][0]["city"] for o in mine]

    def command(*words, status=0):
        done = subprocess.run([program(), "subscriptions", *words, "--at", registry.url, "--json"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout) if status == 0 else done.stderr

    wait_for(3)
    # Another person is not held back.
    hook.wait(lambda got: any(plain in o.body.decode() for o in got))
    dead = command("dead", subscription["id"])["dead"]
    assert [one["reason"] for one in dead] == ["status 422"] + ["behind a dead letter about the same person"] * 2
    command("replay", subscription["id"])
    assert letters() == 3 and cities() == [], "refused again, they stay"
    broken["is"] = False
    assert command("replay", subscription["id"])["deadLetters"] == 0
    assert cities() == ["one", "two", "three"]
    events = [o.event for o in hook.got if poison in o.body.decode() and o.status == 200]
    assert events == [one["event"] for one in dead], "under the names that they had"
    made["address"] = [{"city": "four"}]
    registry.feed(RED, poison, made)
    hook.wait(lambda got: cities()[-1:] == ["four"])
    broken["is"] = True
    made["address"] = [{"city": "five"}]
    registry.feed(RED, poison, made)
    wait_for(1)
    assert command("discard", subscription["id"])["deadLetters"] == 0
    assert "no such subscription" in command("replay", "s1-none", status=1)
    end(registry, subscription)
    hook.close()


@row("SUB-01")
def test_handshake(registry, hook):
    subscription = subscribe(registry, backport(hook.url))
    first = hook.got[0]
    assert first.kind == "handshake" and first.parameter("topic")["valueCanonical"] == TOPIC
    get_fhir_model_class("Bundle").model_validate(first.json)
    end(registry, subscription)
    deaf = Receiver(lambda one: 500)
    end(registry, subscribe(registry, backport(deaf.url), wanted="error"))
    deaf.close()


@row("SUB-02")
@pytest.mark.parametrize("content", ["empty", "id-only", "full-resource"])
def test_payloads(registry, hook, content):
    subscription = subscribe(registry, backport(hook.url, content))
    made = registry.create(patient((RED, f"PAY-{number()}"))).json()
    got = hook.wait(lambda got: any(o.kind == "event-notification" for o in got))
    one = next(o for o in got if o.kind == "event-notification")
    get_fhir_model_class("Bundle").model_validate(one.json)
    assert one.json["type"] == "history" and one.parameter("events-since-subscription-start")["valueString"] == "1"
    entries = one.json["entry"][1:]
    if content == "empty":
        assert not entries and made["id"] not in one.body.decode()
    else:
        assert entries[0]["fullUrl"].endswith("/Patient/" + made["id"])
        assert ("resource" in entries[0]) == (content == "full-resource")
    end(registry, subscription)


def test_a_filter(registry, hook):
    value = f"FIL-{number()}"
    subscription = subscribe(registry, backport(hook.url, filters=[f"Patient?identifier={RED}|{value}"]))
    registry.create(patient((RED, f"FIL-{number()}")))
    made = registry.create(patient((RED, value))).json()
    got = hook.wait(lambda got: len(got) >= 2)
    time.sleep(0.5)
    assert [o.kind for o in hook.taken()] == ["handshake", "event-notification"] and made["id"] in got[1].body.decode()
    end(registry, subscription)


@row("SUB-04")
def test_heartbeat(registry, hook):
    subscription = subscribe(registry, backport(hook.url, heartbeat=1, filters=[f"Patient?identifier={RED}|nobody"]))
    got = hook.wait(lambda got: any(o.kind == "heartbeat" for o in got))
    beat = next(o for o in got if o.kind == "heartbeat")
    assert beat.parameter("events-since-subscription-start")["valueString"] == "0"
    end(registry, subscription)


@row("SUB-05")
def test_status_and_events(registry, hook):
    values = [f"EVT-{number()}" for _ in range(3)]
    filters = ["Patient?identifier=" + ",".join(f"{RED}|{v}" for v in values)]
    subscription = subscribe(registry, backport(hook.url, "full-resource", filters))
    made = [registry.create(patient((RED, value))).json()["id"] for value in values]
    hook.wait(lambda got: sum(o.kind == "event-notification" for o in got) >= 3)
    path = f"Subscription/{subscription['id']}"
    deadline = time.monotonic() + 5
    while True:
        status = registry.get(path + "/$status").json()
        told = {p["name"]: p for p in status["entry"][0]["resource"]["parameter"]}
        if told["events-since-subscription-start"]["valueString"] == "3" or time.monotonic() > deadline:
            break
    assert status["type"] == "searchset" and told["type"]["valueCode"] == "query-status"
    assert told["events-since-subscription-start"]["valueString"] == "3" and told["status"]["valueCode"] == "active"
    events = registry.get(path + "/$events?eventsSinceNumber=2").json()
    parameters = events["entry"][0]["resource"]["parameter"]
    numbers = [part["valueString"] for p in parameters if p["name"] == "notification-event"
               for part in p["part"] if part["name"] == "event-number"]
    assert numbers == ["2", "3"]
    assert [e["resource"]["id"] for e in events["entry"][1:]] == made[1:]
    end(registry, subscription)


@row("SUB-06")
def test_secrets_of_the_channel():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", folder + "/audit",
                               "--notify-to", "127.0.0.1")
        doors = Guarded(registry, issuer, folder)
        hook = Receiver()
        body = backport(hook.url, "full-resource", headers=["Authorization: Bearer s3cret"])
        made = doors.call("lab", "POST", "Subscription", body)
        assert made.status_code == 201, made.text
        path = f"Subscription/{made.json()['id']}"
        assert "s3cret" in doors.call("lab", "GET", path).text
        other = doors.call("hasty", "GET", path)
        assert other.status_code == 200 and "Authorization: ***" in other.text and "s3cret" not in other.text
        assert doors.call("hasty", "DELETE", path).status_code == 403
        # Criteria name patients: who is kept from some of them knows of no subscription but its own.
        for client in ("clinic", "pos"):
            assert doors.call(client, "GET", path).status_code == 404
            assert doors.call(client, "GET", path + "/$status").status_code == 404
            assert doors.call(client, "GET", "Subscription").json()["total"] == 0
        assert doors.call("clinic", "DELETE", path).status_code == 404
        # A client that sees its own records only is told of its own only.
        narrow = Receiver()
        assert doors.call("clinic", "POST", "Subscription", backport(narrow.url, "full-resource")).status_code == 201
        hook.wait(lambda got: any(o.kind == "handshake" for o in got))
        narrow.wait(lambda got: any(o.kind == "handshake" for o in got))
        other = doors.call("lab", "POST", "Patient", patient((OTHER, "told"))).json()["id"]
        own = doors.call("clinic", "POST", "Patient", patient((OWN, "told"))).json()["id"]
        got = hook.wait(lambda got: any(own in o.body.decode() for o in got))
        assert all(o.headers["authorization"] == "Bearer s3cret" for o in got)
        heard = narrow.wait(lambda got: any(own in o.body.decode() for o in got))
        assert not any(other in o.body.decode() for o in heard)
        hook.close()
        narrow.close()
        stop()


def test_rest_hook_with_and_without_a_payload(registry, hook):
    body = {"resourceType": "Subscription", "status": "requested", "reason": "r", "criteria": "Patient",
            "channel": {"type": "rest-hook", "endpoint": hook.url}}
    subscription = subscribe(registry, body)
    registry.create(patient((RED, f"HOOK-{number()}")))
    assert hook.wait(lambda got: got)[0].body == b""
    end(registry, subscription)
    body["channel"]["payload"] = "application/fhir+xml"
    subscription = subscribe(registry, body)
    made = registry.create(patient((RED, f"HOOK-{number()}"))).json()["id"]
    got = hook.wait(lambda got: any(o.method == "PUT" for o in got))
    put = next(o for o in got if o.method == "PUT")
    assert put.path == f"/hook/Patient/{made}" and put.body.startswith(b"<") and made in put.body.decode()
    end(registry, subscription)


def test_a_ruling_tells_of_every_record_that_moved(registry, hook):
    first = registry.create(patient((RED, f"MOV-{number()}"))).json()
    second = registry.create(patient((BLUE, f"MOV-{number()}"))).json()
    subscription = subscribe(registry, backport(hook.url))
    key = lambda made: "|".join((made["identifier"][-1]["system"], made["identifier"][-1]["value"]))
    answer = registry.http.post(registry.url + "/api/v1/decisions", json={
        "kind": "link", "a": first["id"], "b": second["id"]})
    assert answer.status_code == 200, answer.text
    moved = answer.json()["moves"][0]["record"]
    assert moved in (key(first), key(second))
    hook.wait(lambda got: any(o.kind == "event-notification" for o in got))
    end(registry, subscription)


def test_search_and_versions(registry, hook):
    subscription = subscribe(registry, pmir(hook.url))
    found = registry.get(f"Subscription?_id={subscription['id']}").json()
    assert found["total"] == 1 and resources(found, "Subscription")[0]["status"] == "active"
    assert registry.get("Subscription?status=off&url=" + hook.url).json()["total"] == 0
    answer = registry.get(f"Subscription/{subscription['id']}")
    assert answer.headers["etag"] == 'W/"1"'
    registry.send("PUT", f"Subscription/{subscription['id']}", subscription | {"reason": "x"},
                  {"If-Match": 'W/"7"'}, expect=412)
    registry.get(f"Subscription/{subscription['id']}", Accept="application/fhir+xml")
    end(registry, subscription)


def test_it_goes_on_where_it_was_after_a_fall():
    """What happens while the registry is down, or just before it dies, is told by the next one."""
    import os
    import shutil
    import subprocess

    from registry import Registry
    from server import free_port, program
    data, port, hook = tempfile.mkdtemp(prefix="tessera-fall-"), free_port(), Receiver()

    def run():
        process = subprocess.Popen(
            [program(), "serve", "--data", os.path.join(data, "registry"), "--listen", f"127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        registry = Registry(f"http://127.0.0.1:{port}")
        deadline = time.monotonic() + 60
        while not registry.is_ready() and time.monotonic() < deadline:
            time.sleep(0.1)
        return process, registry

    process, registry = run()
    try:
        subscription = subscribe(registry, pmir(hook.url))
        hook.answer = lambda one: 503
        ids = [registry.create(patient((RED, f"FALL-{number()}"))).json()["id"] for _ in range(5)]
        process.kill()
        process.wait()
        hook.answer = lambda one: 200
        process, registry = run()
        got = hook.wait(lambda got: all(any(i in o.body.decode() for o in got) for i in ids), seconds=30)
        names = [(o.event, json.loads(o.body)["entry"][0]["resource"]["id"]) for o in hook.got if o.event]
        assert len({event for event, _ in names}) == len(set(names)), "the same event has the same name and message id"
        assert {o.event for o in got} >= {event for event, _ in names}
        assert registry.get(f"Subscription/{subscription['id']}").json()["status"] in ("active", "error")
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(data, ignore_errors=True)
        hook.close()


def test_a_guarded_registry_tells_its_own_machine_nothing_unless_that_is_listed():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        for options, told, refused in [
                ((), "10.1.2.3", "127.0.0.1"),
                (("--notify-to", "*.moh.example", "--notify-to", "127.0.0.0/8"), "localhost", "10.1.2.3")]:
            registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", "off", *options)
            doors = Guarded(registry, issuer, folder)
            ends = backport(f"http://{refused}:9/hook")
            answer = doors.call("lab", "POST", "Subscription", ends)
            assert answer.status_code == 422 and issue(answer)["code"] == "security"
            assert issue(answer)["expression"] == ["Subscription.channel.endpoint"]
            made = doors.call("lab", "POST", "Subscription", backport(f"http://{told}:9/hook"))
            assert made.status_code == 201, made.text
            assert doors.call("lab", "PUT", f"Subscription/{made.json()['id']}",
                              ends | {"id": made.json()["id"]}).status_code == 422
            stop()
