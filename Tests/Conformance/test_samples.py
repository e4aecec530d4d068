"""Every file of the published samples: taken, or refused with the reason and the place.

TESSERA_SAMPLES names their folder. The messages of OpenHIE's HL7 v2 cases are in hl7v2/test_openhie.py, step by step.
"""

import json
import os
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree as ET

import pytest
from fhir.resources.R4B import get_fhir_model_class

from registry import issue, resources, targets
from server import HERE, free_port, start

sys.path.insert(0, str(HERE / "hl7v2"))
from mllp import Door  # noqa: E402

FOLDER = os.environ.get("TESSERA_SAMPLES")
pytestmark = pytest.mark.skipif(not FOLDER, reason="TESSERA_SAMPLES does not name the folder of the samples")
XML = {"Content-Type": "application/fhir+xml"}

# The domains that the samples speak of.
AUTHORITIES = """
version: 1
unknown: {unknown}
authorities:
  - {{ name: TEST, uri: "http://ohie.org/test/test", oid: 2.16.840.1.113883.3.72.5.9.1 }}
  - {{ name: TEST_A, uri: "http://ohie.org/test/test_a", oid: 2.16.840.1.113883.3.72.5.9.2 }}
  - {{ name: TEST_B, uri: "http://ohie.org/test/test_b", oid: 2.16.840.1.113883.3.72.5.9.3 }}
  - {{ name: NID, uri: "http://ohie.org/test/nid", oid: 2.16.840.1.113883.3.72.5.9.9 }}
  - {{ name: IHERED, oid: 1.3.6.1.4.1.21367.13.20.1000 }}
  - {{ name: IHEGREEN, oid: 1.3.6.1.4.1.21367.13.20.2000 }}
  - {{ name: IHEBLUE, oid: 1.3.6.1.4.1.21367.13.20.3000 }}
  - {{ name: OLD, oid: "2.71" }}
  - {{ name: MPI, oid: 2.16.840.1.113883.3.37.4.1.1.2.1.1, aliases: ["130"] }}
  - {{ name: KHKN, oid: 2.16.840.1.113883.3.37.4.1.1.2.611.1 }}
  - {{ name: HZLN, oid: 1.2.3.4 }}
  - {{ name: IHENA, oid: 1.3.6.1.4.1.21367.2010.1.2.300 }}
"""


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as path:
        yield pathlib.Path(path)


def opened(folder, unknown, *options):
    path = folder / f"authorities-{unknown}.yaml"
    path.write_text(AUTHORITIES.format(unknown=unknown))
    port = free_port()
    registry, stop = start(path, "--mllp", f"127.0.0.1:{port}", *options)
    registry.mllp = Door(port)
    return registry, stop


@pytest.fixture(scope="module")
def doors(folder):
    """A registry that takes domains it does not know, as a pilot would."""
    registry, stop = opened(folder, "accept")
    yield registry
    stop()


@pytest.fixture(scope="module")
def guarded(folder):
    """One that knows its domains and reads the profiles as OpenHIE does."""
    registry, stop = opened(folder, "refuse", "--fhir-profile", "openhie")
    yield registry
    stop()


def path(name):
    return pathlib.Path(FOLDER, name)


def listed(pattern):
    return sorted(str(one.relative_to(FOLDER)) for one in pathlib.Path(FOLDER or "/nonexistent").glob(pattern))


def read(name):
    return json.loads(path(name).read_text())


def refused(answer, status, code, place):
    assert answer.status_code == status, answer.text[:600]
    found = issue(answer)
    assert found["code"] == code and found["details"]["text"], answer.text
    assert found.get("expression") == ([place] if place else None), answer.text


NAMELESS = "Patient.identifier"
PATIENTS = {
    "fhir-pdqm/Patient-ex-match-input-patient.json": None,
    "fhir-pdqm/Patient-ex-patient.json": None,
    "fhir-pixm/Patient-Patient-MohrAlice-Blue.json": None,
    "fhir-pixm/Patient-Patient-MohrAlice-Red.json": None,
    "fhir-pixm/Patient-Patient-MohrAlice.json": None,
    "fhir-pixm/Patient-Patient-MohrAlissa-Red.json": None,
    "fhir-pixm/Patient-Patient-MohrMaidenResolvedByMohrMalice-Red.json": None,
    "fhir-pixm/Patient-ex-patient.json": NAMELESS,
    "fhir-registry/CreateDeceasedPatientPartialDate.json": NAMELESS,
    "fhir-registry/CreateMultipleBirthPatient.json": NAMELESS,
    "fhir-registry/CreatePatient.json": NAMELESS,
    "fhir-registry/CreatePatientWithGeneralPractitioner-Patient.json": NAMELESS,
    "fhir-registry/DeletePatient.json": NAMELESS,
    "fhir-registry/UpdatePatient.json": NAMELESS,
    "fhir-registry/opencr-patient1_openmrs.json": None,
    "fhir-registry/opencr-patient2_dhis2.json": None,
    "fhir-registry/opencr-patient4_lims.json": None,
}


@pytest.mark.parametrize("name", PATIENTS)
def test_patients(doors, name):
    """A Patient is taken where an identifier names its record; a registry makes up no names for sources."""
    body = read(name)
    if PATIENTS[name]:
        return refused(doors.send("POST", "Patient", body), 422, "required", PATIENTS[name])
    made = doors.send("POST", "Patient", body, expect=(200, 201)).json()
    kept = doors.get(f"Patient/{made['id']}").json()
    for element in set(body) - {"id", "meta", "identifier", "text"}:
        assert kept[element] == body[element], element


MATCHES = ["fhir-pdqm/Parameters-ex-match-input-onlyCertainMatches.json",
           "fhir-pdqm/Parameters-ex-match-input-patient-only.json"]


@pytest.mark.parametrize("name", MATCHES)
def test_matches(doors, name):
    doors.send("POST", "Patient", read("fhir-pdqm/Patient-ex-patient.json"), expect=(200, 201))
    found = doors.send("POST", "Patient/$match", read(name), expect=200).json()
    assert found["type"] == "searchset"
    assert all(entry["search"]["extension"] for entry in found.get("entry", []) if entry["search"]["mode"] == "match")


ANSWERS = {
    "fhir-pdqm/Bundle-ex-QueryPatientResourceResponseMessage.json": 1,
    "fhir-pdqm/Bundle-ex-match-output-empty.json": 0,
    "fhir-pdqm/Bundle-ex-match-output-multiple.json": 2,
    "fhir-pdqm/Bundle-ex-match-output.json": 1,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_of_other_registries(doors, name):
    """The answer to a search is nothing to carry out; the Patients in it are Patients."""
    bundle = read(name)
    refused(doors.send("POST", "", bundle), 422, "not-supported", "Bundle.type")
    found = resources(bundle)
    assert len(found) == ANSWERS[name]
    for one in found:
        doors.send("POST", "Patient", one, expect=(200, 201))


def test_cross_references(doors):
    asked = read("fhir-pixm/Parameters-pixm-request-mohralice-red-all.json")
    for colour in ("Red", "Blue"):
        doors.send("POST", "Patient", read(f"fhir-pixm/Patient-Patient-MohrAlice-{colour}.json"), expect=(200, 201))
    told = targets(doors.send("POST", "Patient/$ihe-pix", asked, expect=200).json())
    published = targets(read("fhir-pixm/Parameters-pixm-response-mohralice-red-all.json"))
    assert published & told == {one for one in published if "BLUE" in one[1]}
    nation = read("fhir-pixm/national-ParametersPIXmInput.json")
    refused(doors.send("POST", "Patient/$ihe-pix", nation), 400, "code-invalid", "sourceIdentifier")
    for name in ("fhir-pixm/national-ParametersPIXmOutput.json",
                 "fhir-pixm/Parameters-pixm-response-mohralice-red-all.json"):
        refused(doors.send("POST", "Patient/$ihe-pix", read(name)), 400, "required", "sourceIdentifier")
    # What a published registry says of an identifier that it does not know, this one says too.
    wanted = read("fhir-pixm/OperationOutcome-pixm-response-error-not-found.json")["issue"][0]
    got = doors.send("GET", f"Patient/$ihe-pix?sourceIdentifier={nation['parameter'][0]['valueString']}0")
    assert issue(got)["severity"] == wanted["severity"] == "error"


def test_messages(doors):
    """Feeds are stored, answers to feeds are not: what they hold is another registry's."""
    def send(number, name):
        data = path(f"fhir-pmir/CATsample{number}-{name}.xml").read_bytes()
        return doors.send("POST", "$process-message", data, XML | {"Accept": "application/fhir+json"})

    for number, name, status in [(1, "ITI-93-mother", 201), (3, "ITI-93-baby", 201), (6, "ITI-93-updateBaby", 200)]:
        answer = send(number, name)
        assert answer.status_code == status, answer.text
        assert answer.json()["entry"][0]["resource"]["response"]["code"] == "ok"
    before = doors.get("Patient?_summary=count").json()["total"]
    for number, name in [(2, "ITI-93-mother"), (4, "ITI-93-baby")]:
        refused(send(number, name), 422, "not-supported", "Bundle.entry[0].resource.response")
    assert doors.get("Patient?_summary=count").json()["total"] == before
    refused(send(5, "ITI-93-RelatedPerson"), 400, "invalid", "Bundle.resourceType")


@pytest.mark.parametrize("name", ["fhir-registry/ComplexPatient.json",
                                  "fhir-registry/ComplexPatientPatientRelationship.json"])
def test_transactions(doors, name):
    """A create at an id that the client chose is none (FHIR R4, 3.1.0.8)."""
    answer = doors.send("POST", "", read(name))
    assert answer.status_code == 405 and issue(answer)["code"] == "not-supported"
    assert issue(answer)["expression"] == ["Bundle.entry[0].resource"]


def definitions():
    return [name for name in listed("fhir-p*/*.json") + listed("fhir-balp/*.json") + listed("fhir-registry/*.json")
            if re.match(r".*/(AuditEvent|CapabilityStatement|Device|OperationDefinition|OperationOutcome|Practitioner"
                        r"|StructureDefinition|CreatePatientWithOrganization|Organization|ParentOrganization)", name)]


@pytest.mark.parametrize("name", definitions())
def test_what_is_no_patient_is_not_taken_for_one(doors, name):
    body = read(name)
    kind = body["resourceType"]
    if "AuditEvent" in name:
        # By what the registry's own answers are judged.
        get_fhir_model_class(kind).model_validate(body)
    refused(doors.send("POST", "Patient", body), 400, "invalid", "Patient.resourceType")
    # Nobody writes into the audit trail from outside, and no other type is stored.
    answer = doors.send("POST", kind, body)
    assert answer.status_code == (405 if kind == "AuditEvent" else 404), answer.text


def capabilities():
    return [name for name in listed("fhir-p*/CapabilityStatement*.json") if "Manager" in name or "Supplier" in name]


@pytest.mark.parametrize("name", capabilities())
def test_what_a_role_has_to_offer_is_offered(doors, name):
    ours = next(one for one in doors.get("metadata").json()["rest"][0]["resource"] if one["type"] == "Patient")
    theirs = next(one for one in read(name)["rest"][0]["resource"] if one["type"] == "Patient")
    codes = {one["code"] for one in ours["interaction"]}
    assert {one["code"] for one in theirs.get("interaction", [])} <= codes
    names = {one["name"].lstrip("$") for one in ours["operation"]}
    assert {one["name"].lstrip("$") for one in theirs.get("operation", [])} <= names
    known = {one["name"]: one["type"] for one in ours["searchParam"]}
    for wanted in theirs.get("searchParam", []):
        assert known.get(wanted["name"].split(":")[0]) == wanted["type"], wanted
    for condition in ("conditionalCreate", "conditionalUpdate"):
        assert ours[condition] or not theirs.get(condition)


def test_operations_take_what_they_are_defined_with(doors):
    """Each parameter of the definitions is used: one of the wrong type is refused by name."""
    for name, operation in [("fhir-pdqm/OperationDefinition-PDQmMatch.json", "$match"),
                            ("fhir-pixm/OperationDefinition-IHE.PIXm.pix.json", "$ihe-pix")]:
        for parameter in read(name)["parameter"]:
            if parameter["use"] != "in" or parameter["name"] in ("_format", "resource"):
                continue
            sound = read("fhir-pdqm/Parameters-ex-match-input-patient-only.json" if operation == "$match" else
                         "fhir-pixm/Parameters-pixm-request-mohralice-red-all.json")
            sound["parameter"] = [one for one in sound["parameter"] if one["name"] != parameter["name"]]
            sound["parameter"].append({"name": parameter["name"], "valuePeriod": {"start": "2026"}})
            answer = doors.send("POST", f"Patient/{operation}", sound)
            assert answer.status_code == 400 and issue(answer)["expression"], (parameter["name"], answer.text)


@pytest.mark.parametrize("name", listed("fhir-bulk/*.json"))
def test_manifests(doors, name):
    """Ours has the fields that a published one has to have, in the same types."""
    import time
    wanted = read(name)
    begun = doors.send("GET", "$export", headers={"Prefer": "respond-async"}, expect=202)
    for _ in range(100):
        answer = doors.http.get(begun.headers["content-location"])
        if answer.status_code == 200:
            break
        time.sleep(0.1)
    ours = answer.json()
    for field in ("transactionTime", "requiresAccessToken", "output"):
        assert type(ours[field]) is type(wanted[field]), field
    assert all(one["url"].startswith("http") for one in ours["output"])
    assert set(ours) - {"request", "error"} <= set(wanted) | {"deleted", "extension"}, set(ours)


@pytest.mark.parametrize("name", listed("atna-dicom/*.xml"))
def test_audit_messages_are_for_repositories(doors, name):
    assert ET.fromstring(path(name).read_bytes()).tag == "AuditMessage"
    answer = doors.send("POST", "Patient", path(name).read_bytes(), XML | {"Accept": "application/fhir+json"})
    assert answer.status_code == 400 and "line" in issue(answer)["diagnostics"]


# What is sent before it, MSA-1, and where the error lies in the form of its version.
MESSAGES = {
    "hl7v2-ihe/pixsource/A01.hl7": ("AA", None),
    "hl7v2-ihe/pixsource/A08.hl7": ("AA", None),
    "hl7v2-ihe/pixsource/A10.hl7": ("AR", "MSH^1^9^201"),
    "hl7v2-ihe/pixsource/A40.hl7": ("AE", "PID^1^3^204"),
    "hl7v2-ihe/pixupdatenotification/adt-a31-1.hl7": ("AA", None),
    "hl7v2-ihe/pdq/PDQ_ID_Query.hl7": ("AA", None),
    "hl7v2-registry/ADT_INV_AUTH.hl7": ("AE", "PID^1^3^204"),
    "hl7v2-registry/ADT_INV_ID.hl7": ("AE", "PID^1^3^204"),
    "hl7v2-registry/ADT_SIMPLE.hl7": ("AA", None),
    "hl7v2-registry/ADT_UPDATE.hl7": ("AA", None),
    "hl7v2-registry/ADT_MRG_PRE1.hl7": ("AA", None),
    "hl7v2-registry/ADT_MRG_PRE2.hl7": ("AA", None),
    "hl7v2-registry/ADT_MRG.hl7": ("AA", None),
    "hl7v2-registry/ADT_MRG_POST.hl7": ("AA", "NF"),
    "hl7v2-registry/QBP_SIMPLE_PRE.hl7": ("AA", None),
    "hl7v2-registry/QBP_SIMPLE.hl7": ("AA", "OK"),
    "hl7v2-registry/QBP_AND_PRE.hl7": ("AA", None),
    "hl7v2-registry/QBP_XREF_PRE.hl7": ("AA", None),
}


def text(name):
    return path(name).read_bytes().decode().replace("\r\n", "\r").replace("\n", "\r")


def test_feeds_and_queries(doors):
    """One registry, in the order above: merges need what was there before them."""
    for name, (code, place) in MESSAGES.items():
        answer = doors.mllp.text(text(name))
        assert answer.code == code, (name, answer.raw)
        if code != "AA":
            assert answer.old_error.startswith(place) or place in answer.raw, (name, answer.raw)
        elif place:
            assert answer.status == place, (name, answer.raw)


@pytest.mark.parametrize("name", listed("hl7v2-*/**/*_Response.hl7"))
def test_responses_are_no_requests(doors, name):
    answer = doors.mllp.text(text(name))
    assert answer.code in ("AE", "AR") and "MSH^1^9" in answer.raw, answer.raw
    assert answer.field("MSA", 2) == text(name).split("\r")[0].split("|")[9]


@pytest.mark.parametrize("name", listed("ohie-cr-fhir/*.json"))
def test_openhie(guarded, name):
    """The published steps: each MUST that says a status, a code, a number of patients or an identifier."""
    answer = None
    for step in read(name)["steps"]:
        body = step.get("body")
        if body and body.get("resourceType") == "Bundle":
            answer = guarded.send("POST", "$process-message", body)
        elif body and body.get("resourceType"):
            answer = guarded.send("POST", "Patient", body)
        elif "request" in step:
            answer = guarded.get(step["request"].removeprefix("GET {base}/"), expect=None)
        elif body:
            # The other way to say the same merge, by an id of the registry that published it.
            answer = None
        if answer is not None:
            demanded(answer, step.get("expect", []), f"{step}\n{answer.text[:3000]}")


def demanded(answer, expectations, told):
    musts = [one["text"] for one in expectations if one["level"] == "MUST" and one["option"] != "ALTERNATE"]
    alternates = [one["text"] for one in expectations if one["option"] == "ALTERNATE"]
    for must in musts:
        status = re.search(r"HTTP.*?\b([2-5]\d\d)\b", must)
        if status and "series" in must:
            assert answer.status_code // 100 == int(status[1]) // 100, told
        elif status:
            others = [int(found) for text in alternates for found in re.findall(r"\b([2-5]\d\d)\b", text)]
            assert answer.status_code in [int(status[1]), *others], told
        coded = re.search(r"response\.code = ([a-z-]+)", must)
        body = answer.json()
        if coded and body.get("type") == "message":
            assert body["entry"][0]["resource"]["response"]["code"] == coded[1], told
        if "OperationOutcome" in must:
            assert "OperationOutcome" in answer.text, told
        kind = re.search(r"issue type (?:of )?([a-z-]+)", must)
        if kind:
            assert issue(answer)["code"] == kind[1], told
        number = re.search(r"exactly (\d+) (\w+)", must)
        if number and number[2] in ("patient", "RelatedPerson"):
            assert len(resources(body, number[2].replace("p", "P", 1))) == int(number[1]), told
        for value in re.findall(r"\b(FHR[AB]?-\d+|NID ?0\d+)\b", must):
            assert value in answer.text or f"not to {value}" in must, (value, told)


def test_every_sample_is_told_here():
    told = {*PATIENTS, *MATCHES, *ANSWERS, *definitions(), *listed("fhir-pixm/Parameters*.json"), *MESSAGES,
            *listed("fhir-pixm/national-*.json"), *listed("fhir-pmir/*.xml"), *listed("fhir-registry/Complex*.json"),
            *listed("fhir-bulk/*.json"), *listed("atna-dicom/*.xml"), *listed("hl7v2-*/**/*_Response.hl7"),
            *listed("ohie-cr-fhir/*.json"), *listed("ohie-cr-hl7v2/*.json")}
    index = path("INDEX.md").read_text()
    there = set(re.findall(r"^\| ([^ |]+/[^ |]+) \|", index, re.MULTILINE))
    assert there and there == told, there ^ told
