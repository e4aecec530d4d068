"""ITI-78, search: rows PDQM-78-01 to -38."""

import urllib.parse

import pytest

from registry import (BLUE, GREEN, MAIDEN, NID, RED, identifiers, issue, number, patient, resources, row, word)


@pytest.fixture(scope="module")
def somebody(registry):
    """A patient with every element that may be searched for."""
    value = number()
    body = patient(
        (RED, f"P-{value}"), (BLUE, f"PB-{value}"),
        name=[{"family": f"Müller{word(value)}", "given": ["Änne", "Maria"]}],
        gender="female", birthDate="1982-05-14",
        telecom=[{"system": "phone", "value": f"+49 30 88{value:07}"}, {"system": "email", "value": f"p{value}@x.org"}],
        address=[{"line": [f"{word(value)}straße 5"], "city": f"Årby{word(value)}", "state": f"St{word(value)}",
                  "postalCode": f"Z{value:07}", "country": f"C{word(value)}"}],
        extension=[{"url": MAIDEN, "valueString": f"Abels{word(value)}"}])
    answer = registry.create(body).json()
    return {"id": answer["id"], "value": value, "name": f"Müller{word(value)}", "word": word(value), "body": body}


@row(*(f"PDQM-78-{n:02}" for n in range(1, 15)))
@pytest.mark.parametrize("name, found, missed", [
    ("_id", "{id}", "0000000000000"),
    ("active", "true", "false"),
    ("family", "{name}", "Nobody{name}"),
    ("given", "Änne", "Xyz"),
    ("identifier", RED + "|P-{value}", RED + "|Q-{value}"),
    ("telecom", "p{value}@x.org", "q{value}@x.org"),
    ("telecom", "+49 30 88{value:07}", "+49 30 99{value:07}"),
    ("birthdate", "1982-05-14", "1982-05-15"),
    ("address", "{word}straße", "nowhere{word}"),
    ("address-city", "Årby{word}", "nowhere{word}"),
    ("address-country", "C{word}", "D{word}"),
    ("address-postalcode", "Z{value:07}", "Y{value:07}"),
    ("address-state", "St{word}", "Xt{word}"),
    ("gender", "female", "male"),
    ("mothersMaidenName", "Abels{word}", "Nobody{word}"),
    ("phone", "+493088{value:07}", "1"),
    ("email", "P{value}@X.org", "x@y.z"),
])
def test_one_parameter(registry, somebody, name, found, missed):
    also = [] if name in ("_id", "identifier") else [("identifier", f"{RED}|P-{somebody['value']}")]
    hits = resources(registry.query([(name, found.format(**somebody)), ("_count", "1000")]))
    assert somebody["id"] in [hit["id"] for hit in hits]
    assert registry.query([(name, missed.format(**somebody)), *also])["total"] == 0
    if name == "mothersMaidenName":
        mine = next(hit for hit in hits if hit["id"] == somebody["id"])
        assert {"url": MAIDEN, "valueString": f"Abels{somebody['word']}"} in mine["extension"]


@row("PDQM-78-15", "OHIE-CR-07-FHIR-20", "OHIE-CR-07-FHIR-30", "PDQM-78-19")
def test_parameters_together(registry, somebody):
    family = ("family", somebody["name"])
    for items, total in [
            ([family, ("gender", "female")], 1), ([family, ("gender", "male")], 0),
            ([("birthdate", "1982-05-14"), family], 1), ([("birthdate", "1983"), family], 0),
            ([("gender", "male,female"), family], 1), ([("given", "Änne"), ("given", "Maria"), family], 1),
            ([("given", "Änne"), ("given", "Berta"), family], 0), ([family, ("given", "anne")], 1),
            ([("given:exact", "Änne"), family], 1), ([("given:exact", "Ann"), family], 0),
            ([("birthdate", "ap1982"), family], 1), ([("birthdate", "1982-05"), ("gender", "female"), family], 1)]:
        assert registry.query(items)["total"] == total, items


@row("PDQM-78-16", "PDQM-78-17")
def test_strings(registry, somebody):
    rest = somebody["name"][6:]
    for name, value, total in [
            ("family", "muller" + rest, 1), ("family", "MÜLLER" + rest[:2], 1), ("family:exact", "muller" + rest, 0),
            ("family:exact", somebody["name"], 1), ("family:contains", rest[1:].lower(), 1)]:
        found = registry.query([(name, value), ("birthdate", "1982-05-14"), ("_count", "1000")])
        assert (somebody["id"] in [hit["id"] for hit in resources(found)]) == (total == 1), (name, value)


@row("PDQM-78-18")
def test_post(registry, somebody):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urllib.parse.urlencode({"family": somebody["name"]})
    assert registry.send("POST", "Patient/_search", body, form, 200).json()["total"] == 1
    assert registry.send("POST", "Patient/_search?gender=male", body, form, 200).json()["total"] == 0
    assert registry.send("POST", "Patient/_search?gender=female", body, form, 200).json()["total"] == 1


@row("PDQM-78-20", "PDQM-78-21", "OHIE-CR-07-FHIR-40")
def test_domains(registry):
    value = number()
    name = word(value + 900_000)
    known = [(RED, f"D-{value}"), (BLUE, f"DB-{value}"), (GREEN, f"DG-{value}")]
    registry.create(patient(*known, name=[{"family": name}]))
    for wanted, told in [(f"{RED}|", {RED}), (f"{RED}|,{BLUE}|", {RED, BLUE}), (f"{NID}|", None)]:
        found = resources(registry.query([("family", name), ("identifier", wanted)]))
        if told is None:
            assert found == []
        else:
            assert len(found) == 1 and {system for system, _ in identifiers(found[0])} == told
    alone = registry.query([("identifier", f"{RED}|"), ("_count", "1000")])
    assert all({system for system, _ in identifiers(hit)} == {RED} for hit in resources(alone))


@row("PDQM-78-22")
def test_unknown_domain(registry):
    fault = issue(registry.get("Patient?identifier=urn:oid:9.9.9.9%7C", expect=404))
    assert (fault["severity"], fault["code"]) == ("warning", "not-found")
    assert fault["diagnostics"] == "targetSystem not found"


@row("PDQM-78-23", "PDQM-78-24")
def test_nothing_found(registry):
    for query in [f"identifier={RED}%7CNOPE", "family=Nobodyatall&birthdate=1900-01-01"]:
        body = registry.get("Patient?" + query).json()
        assert body["total"] == 0 and "entry" not in body


@pytest.fixture(scope="module")
def many(registry):
    """Twenty-five different persons of one family name."""
    name = "Many" + word(number())
    ids = []
    for index in range(25):
        value = number()
        body = patient((RED, f"MANY-{value}"), birthDate=f"{1920 + index * 3}-0{index % 9 + 1}-1{index % 7}")
        body["name"][0]["family"] = name
        ids.append(registry.create(body).json()["id"])
    return name, ids


@row("PDQM-78-25", "PDQM-78-37")
def test_pages(registry, many):
    name, ids = many
    url, seen, pages = f"Patient?family={name}&_count=10", [], 0
    while url:
        body = registry.get(url).json()
        assert body["total"] == 25
        assert [link for link in body["link"] if link["relation"] == "self"]
        for entry in body["entry"]:
            assert entry["fullUrl"] == f"{registry.base}/Patient/{entry['resource']['id']}"
            assert entry["search"]["mode"] == "match"
        seen += [hit["id"] for hit in resources(body)]
        url = next((link["url"] for link in body["link"] if link["relation"] == "next"), None)
        pages += 1
    assert pages == 3 and sorted(seen) == sorted(ids)


@row("PDQM-78-26")
@pytest.mark.parametrize("option", ["_count=0", "_summary=count"])
def test_number_only(registry, many, option):
    body = registry.get(f"Patient?family={many[0]}&{option}").json()
    assert body["total"] == 25 and "entry" not in body


@row("PDQM-78-27")
@pytest.mark.parametrize("sort", ["", "&_sort=family,-birthdate", "&_sort=-birthdate"])
def test_pages_while_others_write(registry, sort):
    name = "Busy" + word(number())
    ids = set()

    def add():
        value = number()
        body = patient((RED, f"BUSY-{value}"))
        body["name"][0]["family"] = name
        return registry.create(body).json()["id"]

    for _ in range(12):
        ids.add(add())
    url, seen = f"Patient?family={name}&_count=4{sort}", []
    while url:
        body = registry.get(url).json()
        seen += [hit["id"] for hit in resources(body)]
        url = next((link["url"] for link in body["link"] if link["relation"] == "next"), None)
        add()
    assert len(seen) == len(set(seen)) and ids <= set(seen)


def test_what_a_patient_links_to_comes_along(registry):
    value = number()
    one = patient((RED, f"INC-{value}"))
    ids = [registry.create(one).json()["id"]]
    same = {name: one[name] for name in ("name", "gender", "birthDate")}
    ids.append(registry.create(patient((BLUE, f"INC-{value}"), **same)).json()["id"])
    found = registry.query([("identifier", f"{RED}|INC-{value}"), ("_include", "Patient:link")])
    assert found["total"] == 1
    assert [(entry["resource"]["id"], entry["search"]["mode"]) for entry in found["entry"]] == [
        (ids[0], "match"), (ids[1], "include")]
    # Where only one domain is wanted, the others' identifiers are not told by what comes along either.
    narrow = registry.query([("identifier", f"{RED}|INC-{value}"), ("identifier", f"{RED}|"),
                             ("_include", "Patient:link")])
    assert f"{BLUE}" not in str(narrow["entry"])


@row("PDQM-78-28")
def test_unknown_parameter(registry, somebody):
    body = registry.get(f"Patient?identifier={RED}%7CP-{somebody['value']}&foo=1").json()
    assert body["total"] == 1
    assert "foo" not in next(link["url"] for link in body["link"] if link["relation"] == "self")
    # That the search is wider than its sender thinks is said in an entry of its own, which counts as no match.
    told = [entry for entry in body["entry"] if entry["search"]["mode"] == "outcome"]
    assert [one["resource"]["issue"][0]["expression"] for one in told] == [["foo"]]
    assert told[0]["resource"]["issue"][0]["severity"] == "warning"
    assert "entry" not in registry.get(f"Patient?identifier={RED}%7CP-{somebody['value']}&foo=1&_summary=count").json()
    answer = registry.get("Patient?family=x&foo=1", expect=400, Prefer="handling=strict")
    assert issue(answer)["expression"] == ["foo"]


@row("PDQM-78-29")
def test_dates(registry, somebody):
    name = ("family", somebody["name"])
    for items, total in [
            ([("birthdate", "1982")], 1), ([("birthdate", "1982-05")], 1), ([("birthdate", "ap1982")], 1),
            ([("birthdate", "ge1980-01-01"), ("birthdate", "lt1990-12-31")], 1), ([("birthdate", "gt1982-05-14")], 0),
            ([("birthdate", "ge1982-05-14")], 1), ([("birthdate", "le1982-05-14")], 1), ([("birthdate", "ne1982")], 0),
            ([("birthdate", "sa1982-05-13")], 1), ([("birthdate", "eb1982-05-15")], 1), ([("birthdate", "1981")], 0)]:
        assert registry.query([*items, name])["total"] == total, items
    fault = issue(registry.get("Patient?birthdate=1982-19", expect=400))
    assert fault["code"] == "invalid" and fault["expression"] == ["birthdate"]


@row("PDQM-78-30")
def test_identifier_forms(registry):
    value = f"V-{number()}"
    registry.create(patient((RED, value), identifier=[{"system": RED, "value": value}, {"value": "bare" + value}]))
    for text, total in [(value, 1), ("|" + value, 0), ("bare" + value, 1), ("|bare" + value, 1)]:
        assert registry.query([("identifier", text)])["total"] == total, text


@row("PDQM-78-31", "PDQM-78-32", "PDQM-78-33")
def test_inactive_and_merged(registry):
    value = number()
    old, new = f"OLD-{value}", f"NEW-{value}"
    name = "Merged" + word(value)
    keep = patient((RED, new), name=[{"family": name, "given": ["Keep"]}])
    registry.feed(RED, new, keep)
    registry.feed(RED, old, patient((RED, old), name=[{"family": name, "given": ["Drop"]}]))
    registry.feed(RED, old, patient((RED, old), name=[{"family": name, "given": ["Drop"]}], active=False, link=[
        {"type": "replaced-by", "other": {"identifier": {"system": RED, "value": new}}}]))
    found = resources(registry.query([("family", name)]))
    assert len(found) == 1 and (RED, new) in identifiers(found[0])
    assert [hit for hit in found if hit.get("active", True)] == found
    for hit in found:
        assert all(system and text for system, text in identifiers(hit)) and hit["name"]
        assert "link" not in hit or "active" in hit
    lone = f"INACTIVE-{value}"
    registry.create(patient((RED, lone), active=False))
    assert registry.query([("identifier", f"{RED}|{lone}"), ("active", "true")])["total"] == 0
    assert registry.query([("identifier", f"{RED}|{lone}"), ("active", "false")])["total"] == 1


@row("PDQM-78-33")
def test_one_active_patient_a_person(registry):
    value = number()
    nid = {"system": NID, "value": f"ONE-{value}", "type": {"coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NI"}]}}
    base = patient(name=[{"family": "Single" + word(value), "given": ["Person"]}])
    for system in (RED, BLUE):
        registry.create(dict(base, identifier=[{"system": system, "value": f"ONE-{value}"}, nid]))
    found = resources(registry.query([("family", "Single" + word(value))]))
    assert len(found) == 1
    assert {(RED, f"ONE-{value}"), (BLUE, f"ONE-{value}")} <= identifiers(found[0])


@row("PDQM-78-34")
def test_formats(registry, somebody):
    path = f"Patient?identifier={RED}%7CP-{somebody['value']}"
    answer = registry.send("GET", path + "&_format=xml", expect=200)
    assert answer.headers["content-type"].startswith("application/fhir+xml")
    assert somebody["name"] in answer.text and '<total value="1"/>' in answer.text
    assert issue(registry.get(path + "&_format=text/turtle", expect=406))["code"] == "not-supported"
    assert issue(registry.get(path, expect=406, Accept="image/png"))["code"] == "not-supported"


@row("PDQM-78-35")
def test_read(registry, somebody):
    answer = registry.get(f"Patient/{somebody['id']}")
    assert answer.headers["etag"] == 'W/"1"'
    assert issue(registry.get("Patient/nope", expect=404))["code"] == "not-found"


@row("PDQM-78-36")
def test_sort_and_last_updated(registry, many):
    name, _ = many
    found = resources(registry.query([("family", name), ("_sort", "family,-birthdate"), ("_count", "30")]))
    dates = [hit["birthDate"] for hit in found]
    assert len(dates) == 25 and dates == sorted(dates, reverse=True)
    assert registry.query([("family", name), ("_lastUpdated", "ge2020-01-01")])["total"] == 25
    assert registry.query([("family", name), ("_lastUpdated", "lt2020-01-01")])["total"] == 0
    assert registry.query([("family", name), ("_lastUpdated", "ge2020-01-01T00:00:00Z")])["total"] == 25


def test_summary_and_elements(registry, somebody):
    query = ("identifier", f"{RED}|P-{somebody['value']}")
    hit = resources(registry.query([query, ("_summary", "true")]))[0]
    assert "extension" not in hit and hit["name"] and hit["meta"]["tag"][0]["code"] == "SUBSETTED"
    hit = resources(registry.query([query, ("_elements", "birthDate,gender")]))[0]
    assert set(hit) == {"resourceType", "id", "meta", "birthDate", "gender"}


def test_total_none(registry, many):
    body = registry.query([("family", many[0]), ("_total", "none"), ("_count", "5")])
    assert "total" not in body and len(body["entry"]) == 5


@pytest.mark.parametrize("query, code", [
    ("family:sounds=x", "not-supported"), ("_count=-1", "invalid"), ("_sort=colour", "not-supported"),
    ("active=maybe", "invalid"), ("_cursor=7", "invalid"), ("_summary=all", "invalid")])
def test_faults(registry, query, code):
    assert issue(registry.get("Patient?" + query, expect=400))["code"] == code
