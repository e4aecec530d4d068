"""What data stewards do: the queue, decisions with a preview and a way back, second stewards, updates that are held."""

import json

import pytest

from registry import BLUE, GREEN, RED, number, patient
from server import HERE, start


@pytest.fixture(scope="module")
def desk():
    found, stop = start(HERE / "authorities.yaml", "--four-eyes", "3", "--overlay", "hold")
    yield Desk(found)
    stop()


class Desk:
    def __init__(self, registry):
        self.registry = registry

    def call(self, method, path, body=None, expect=200):
        answer = self.registry.http.request(
            method, self.registry.url + "/api/v1/" + path, content=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json"})
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def store(self, system, **elements):
        value = f"ST-{number()}"
        made = self.registry.create(patient((system, value), **elements)).json()
        return f"{system}|{value}", made

    def golden(self, record):
        system, value = record.split("|")
        return self.call("GET", f"records/{system}/{value}")["golden"]

    def reviews(self, query=""):
        return self.call("GET", "reviews" + query)["reviews"]


def same(made):
    """What another source says of the same person, word for word."""
    return {name: made[name] for name in ("name", "gender", "birthDate")}


def test_a_merge_is_shown_done_and_taken_back(desk):
    a, _ = desk.store(RED)
    b, _ = desk.store(BLUE)
    first, second = desk.golden(a), desk.golden(b)
    order = {"kind": "merge", "survivor": first, "other": second, "by": "akello", "comment": "same passport"}
    shown = desk.call("POST", "decisions/preview", order)
    assert shown["preview"] and not shown["needsSecondSteward"]
    assert [(p["a"], p["b"], p["after"]) for p in shown["pairs"]] in ([(a, b, "link")], [(b, a, "link")])
    persons = {p["golden"]: p for p in shown["persons"]}
    survivor, retired = sorted([first, second], key=lambda g: persons[g]["becomes"] != "changed")
    assert persons[survivor]["becomes"] == "changed" and set(persons[survivor]["after"]) == {a, b}
    assert persons[retired]["becomes"] == "redirected" and persons[retired]["after"] == []
    assert {"golden": retired, "to": survivor} in shown["redirects"]
    assert desk.golden(a) == first and desk.golden(b) == second, "a preview writes nothing"
    done = desk.call("POST", "decisions", order | {"effect": shown["effect"]})
    assert done["state"] == "standing" and done["by"] == "akello" and done["comment"] == "same passport"
    assert any(event["type"] == "persons-merged" for event in done["events"])
    assert desk.golden(a) == desk.golden(b) == survivor
    assert desk.call("GET", f"persons/{retired}")["golden"] == survivor
    undo = desk.call("POST", "decisions", {"kind": "undo", "decision": done["decision"], "by": "mugisha"})
    assert undo["undoes"] == done["decision"] and undo["restored"] is True
    assert desk.golden(a) == first and desk.golden(b) == second
    entry = desk.call("GET", f"decisions/{done['decision']}")
    assert entry["state"] == "undone" and entry["undoneBy"] == undo["decision"]
    desk.call("POST", "decisions", {"kind": "undo", "decision": done["decision"]}, expect=422)


def test_an_effect_that_is_not_the_one_shown_is_refused(desk):
    a, made = desk.store(RED)
    b, _ = desk.store(BLUE)
    order = {"kind": "link", "a": a, "b": b}
    shown = desk.call("POST", "decisions/preview", order)
    desk.store(GREEN, **same(made))
    desk.call("POST", "decisions", {"kind": "never", "a": a, "b": b, "effect": shown["effect"]}, expect=422)
    assert desk.golden(a) != desk.golden(b)


def test_a_merge_by_a_source_is_in_the_book_and_taken_back(desk):
    """What `$merge`, ITI-104 and A40 do is a decision like those of stewards, and its record comes back with it."""
    a, first = desk.store(RED)
    b, second = desk.store(RED)
    before = desk.golden(a), desk.golden(b)
    body = {"resourceType": "Parameters", "parameter": [
        {"name": f"{side}-patient", "valueReference": {"reference": f"Patient/{made['id']}"}}
        for side, made in (("source", first), ("target", second))]}
    desk.registry.send("POST", "Patient/$merge", body, expect=200)
    assert desk.golden(a) == desk.golden(b)
    entry = desk.call("GET", f"decisions?record={a}")["decisions"][0]
    assert entry["kind"] == "link" and entry["state"] == "standing" and set(entry["records"]) == {a, b}
    assert "replaced" in entry["comment"]
    desk.registry.feed(*a.split("|"), first, expect=422)
    undo = desk.call("POST", "decisions", {"kind": "undo", "decision": entry["decision"], "by": "akello"})
    assert undo["restored"] and undo["undoes"] == entry["decision"]
    assert (desk.golden(a), desk.golden(b)) == before
    again = desk.registry.get(f"Patient/{first['id']}").json()
    assert again["active"] is True and again["meta"]["versionId"] == "3"
    assert not any(link["type"] == "replaced-by" for link in again.get("link", []))
    desk.registry.feed(*a.split("|"), {k: v for k, v in first.items() if k not in ("id", "meta")}, expect=200)
    # Two entries, and no third for the same message sent twice.
    desk.registry.send("POST", "Patient/$merge", body, expect=200)
    desk.registry.send("POST", "Patient/$merge", body, expect=200)
    kinds = [d["kind"] for d in desk.call("GET", f"decisions?record={a}")["decisions"]]
    assert kinds == ["link", "undo", "link"]


def test_a_split_and_back(desk):
    a, made = desk.store(RED)
    b, _ = desk.store(BLUE, **same(made))
    person = desk.golden(a)
    assert desk.golden(b) == person
    order = {"kind": "split", "person": person, "records": [b]}
    shown = desk.call("POST", "decisions/preview", order)
    assert any(p["becomes"] == "new" and p["after"] == [b] for p in shown["persons"])
    done = desk.call("POST", "decisions", order)
    assert desk.golden(b) != desk.golden(a) == person
    assert desk.call("POST", "decisions", {"kind": "undo", "decision": done["decision"]})["restored"]
    assert desk.golden(b) == person
    desk.call("POST", "decisions", {"kind": "split", "records": [a, b]}, expect=422)


def test_never_link_keeps_apart_what_the_rules_join(desk):
    a, made = desk.store(RED)
    b, _ = desk.store(BLUE, **same(made))
    desk.call("POST", "decisions", {"kind": "never", "a": a, "b": b})
    assert desk.golden(a) != desk.golden(b)
    # Linking takes the place of that, and undoing the link brings it back.
    link = desk.call("POST", "decisions", {"kind": "link", "a": a, "b": b})
    assert link["pairs"][0]["before"] == "never" and desk.golden(a) == desk.golden(b)
    desk.call("POST", "decisions", {"kind": "undo", "decision": link["decision"]})
    assert desk.golden(a) != desk.golden(b)


def test_a_large_merge_takes_two(desk):
    a, made = desk.store(RED)
    desk.store(BLUE, **same(made))
    c, _ = desk.store(GREEN)
    order = {"kind": "merge", "survivor": desk.golden(a), "other": desk.golden(c), "by": "akello"}
    assert desk.call("POST", "decisions/preview", order)["needsSecondSteward"] is True
    proposed = desk.call("POST", "decisions", order, expect=202)
    assert proposed["state"] == "proposed" and desk.golden(a) != desk.golden(c)
    number_ = proposed["decision"]
    assert number_ in [d["decision"] for d in desk.call("GET", "decisions?state=proposed")["decisions"]]
    desk.call("POST", f"decisions/{number_}/approve", {"by": "akello"}, expect=422)
    done = desk.call("POST", f"decisions/{number_}/approve", {"by": "mugisha"})
    assert done["state"] == "standing" and (done["by"], done["second"]) == ("akello", "mugisha")
    assert desk.golden(a) == desk.golden(c)
    desk.call("POST", "decisions", {"kind": "undo", "decision": number_})
    other = desk.call("POST", "decisions", order, expect=202)["decision"]
    assert desk.call("POST", f"decisions/{other}/decline", {"by": "mugisha"})["state"] == "declined"
    assert desk.golden(a) != desk.golden(c)


def test_an_overlay_is_held_for_a_steward(desk):
    record, made = desk.store(RED)
    system, value = record.split("|")
    stranger = patient((system, value))
    answer = desk.registry.feed(system, value, stranger, expect=202)
    assert answer.json()["issue"][0]["severity"] == "warning"
    assert desk.registry.get(f"Patient/{made['id']}").json()["name"] == made["name"]
    task = desk.reviews(f"?reason=overlay&record={record}")[0]
    assert task["a"]["fhirId"] == made["id"] and task["held"]["name"] == stranger["name"]
    assert task["harm"] >= 800 and task["because"] == "unlike-itself"
    rejected = desk.call("POST", "decisions", {"kind": "reject", "record": record, "comment": "wrong card"})
    assert desk.reviews(f"?reason=overlay&record={record}") == []
    assert desk.call("POST", "decisions", {"kind": "undo", "decision": rejected["decision"]})["restored"]
    assert len(desk.reviews(f"?reason=overlay&record={record}")) == 1
    released = desk.call("POST", "decisions", {"kind": "release", "record": record})
    assert desk.registry.get(f"Patient/{made['id']}").json()["name"] == stranger["name"]
    desk.call("POST", "decisions", {"kind": "undo", "decision": released["decision"]})
    now = desk.registry.get(f"Patient/{made['id']}").json()
    assert now["name"] == made["name"] and now["meta"]["versionId"] == "3"


def test_an_overlay_that_names_another_person(desk):
    one, somebody = desk.store(RED)
    record, _ = desk.store(BLUE)
    system, value = record.split("|")
    desk.registry.feed(system, value, patient((system, value), **same(somebody)), expect=202)
    task = desk.reviews(f"?reason=overlay&record={record}")[0]
    assert task["because"] == "like-another" and f"{task['b']['source']}|{task['b']['id']}" == one


def test_corrections_pass(desk):
    """A new address, a married name, a birth date put right: nothing of it is held."""
    record, made = desk.store(RED, address=[{"city": "Kisima", "line": ["1 Lake St"]}])
    system, value = record.split("|")
    for change in ({"address": [{"city": "Ziwani"}]}, {"birthDate": "1950-01-01"},
                   {"name": [{"family": "Married", "given": made["name"][0]["given"]}]}):
        body = {k: v for k, v in made.items() if k not in ("id", "meta", "identifier")} | change
        desk.registry.feed(system, value, body | {"identifier": [{"system": system, "value": value}]}, expect=200)


def test_the_queue_is_ranked_paged_and_claimed(desk):
    for _ in range(3):
        record, _ = desk.store(RED)
        system, value = record.split("|")
        desk.registry.feed(system, value, patient((system, value)), expect=202)
    everything = desk.reviews("?limit=1000")
    assert [r["harm"] for r in everything] == sorted([r["harm"] for r in everything], reverse=True)
    walked, after = [], ""
    while True:
        page = desk.call("GET", f"reviews?limit=2{after}")
        walked += [r["id"] for r in page["reviews"]]
        if "next" not in page:
            break
        after = f"&after={page['next']}"
    assert walked == [r["id"] for r in everything]
    task = walked[0]
    desk.call("POST", f"reviews/{task}/claim", {"by": "akello", "comment": "mine"})
    desk.call("POST", f"reviews/{task}/claim", {"by": "mugisha"}, expect=409)
    mine = desk.reviews("?assignee=akello")
    assert [r["id"] for r in mine] == [task] and mine[0]["claim"]["comment"] == "mine"
    assert task not in [r["id"] for r in desk.reviews("?assignee=nobody&limit=1000")]
    given = desk.call("POST", f"reviews/{task}/claim", {"by": "akello", "assignee": "mugisha"})
    assert given["claim"]["assignee"] == "mugisha" and given["claim"]["by"] == "akello"
    desk.call("DELETE", f"reviews/{task}/claim", expect=204)
    assert desk.reviews("?assignee=mugisha") == []
    assert desk.reviews("?minHarm=1000") == []
    desk.call("GET", "reviews?reason=nonsense", expect=400)


def test_the_book_is_paged(desk):
    numbers, before = [], ""
    while True:
        page = desk.call("GET", f"decisions?limit=3{before}")
        numbers += [d["decision"] for d in page["decisions"]]
        if "next" not in page:
            break
        before = f"&before={page['next']}"
    assert numbers == list(range(len(numbers), 0, -1)) and len(numbers) > 5
    assert all(d["kind"] == "undo" for d in desk.call("GET", "decisions?kind=undo")["decisions"])
    desk.call("GET", "decisions/999999", expect=404)


@pytest.mark.parametrize("body", [
    {}, {"kind": "nonsense"}, {"kind": "link"}, {"kind": "merge", "survivor": "x"}, {"kind": "split", "records": []},
    {"kind": "undo"}, {"kind": "release", "record": "urn:x"}])
def test_orders_that_mean_nothing(desk, body):
    desk.call("POST", "decisions", body, expect=400)
    desk.call("POST", "decisions/preview", body, expect=400)
