"""A registry with a guard: an issuer of tokens, a certificate authority, clients of every kind."""

import datetime
import ipaddress
import json
import pathlib
import tempfile
import time

import httpx
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

ISSUER = "https://id.example"
AUDIENCE = "https://registry.example/fhir"
OWN = "urn:oid:1.3.6.1.4.1.21367.13.20.1000"
OTHER = "urn:oid:1.3.6.1.4.1.21367.13.20.2000"

POLICY = """
version: 1
tokens:
  - issuer: {issuer}
    audience: [{audience}]
    keys: {jwks}
    skew: 5
clients:
  - {{name: clinic, tokens: [clinic], common_names: [clinic.example], roles: [submitter, reader], writes: ["{own}"],
      sees: own}}
  - {{name: lab, tokens: [lab], roles: [submitter, reader], writes: ["{other}"]}}
  - {{name: pos, tokens: [pos], roles: [reader], sees: identifiers, break_glass: true}}
  - {{name: desk, tokens: [desk], roles: [steward]}}
  - {{name: watch, tokens: [watch], roles: [auditor]}}
  - {{name: ops, tokens: [ops], roles: [operator]}}
  - {{name: hasty, tokens: [hasty], roles: [reader], rate: 1, burst: 3}}
  - {{name: brisk, tokens: [brisk], roles: [reader], rate: 100}}
  - {{name: feed, senders: ["FEED|CLINIC"], roles: [submitter, reader], writes: ["{own}"]}}
"""


class Issuer:
    """Signs tokens as an authorization server would."""

    def __init__(self, folder):
        self.rsa = rsa.generate_private_key(65537, 2048)
        # One coordinate in 128 begins with zeros, which the library leaves out of the key set.
        self.ec = ec.generate_private_key(ec.SECP256R1())
        while self.ec.public_key().public_numbers().x >> 248:
            self.ec = ec.generate_private_key(ec.SECP256R1())
        keys = []
        for kid, key, algorithm in (("r1", self.rsa, jwt.algorithms.RSAAlgorithm),
                                    ("e1", self.ec, jwt.algorithms.ECAlgorithm)):
            public = json.loads(algorithm.to_jwk(key.public_key()))
            keys.append({"kid": kid} | {name: public[name] for name in public if name in "kty n e crv x y".split()})
        self.path = pathlib.Path(folder) / "jwks.json"
        self.path.write_text(json.dumps({"keys": keys}))

    def claims(self, client, scope="system/*.cruds tessera/operate", **changes):
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": client, "client_id": client, "iat": now, "exp": now + 300,
                  "jti": f"t-{client}", "scope": scope}
        claims.update(changes)
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, client, scope="system/*.cruds tessera/operate", algorithm="RS256", **changes):
        key, kid = (self.ec, "e1") if algorithm == "ES256" else (self.rsa, "r1")
        return jwt.encode(self.claims(client, scope, **changes), key, algorithm=algorithm, headers={"kid": kid})


class Authority:
    """Makes certificates."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign("Test CA", self.key.public_key(), None)
        self.path = self._write("ca.pem", self.certificate)

    def _sign(self, name, public, issuer, server=False):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
        builder = (x509.CertificateBuilder().subject_name(subject)
                   .issuer_name(issuer.subject if issuer else subject).public_key(public)
                   .serial_number(x509.random_serial_number()).not_valid_before(start)
                   .not_valid_after(start + datetime.timedelta(days=2))
                   .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True))
        if server:
            names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, name, certificate):
        path = self.folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)

    def issue(self, name, server=False):
        """Returns the files of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        path = self.folder / f"{name}.key"
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
        return self._write(f"{name}.pem", self._sign(name, key.public_key(), self.certificate, server)), str(path)


class Guarded:
    """What a test of the guard needs: the registry, the issuer, and calls as one of the clients."""

    def __init__(self, registry, issuer, folder):
        self.registry = registry
        self.issuer = issuer
        self.folder = folder

    @property
    def trail(self):
        return str(pathlib.Path(self.folder) / "audit")

    def call(self, client, method, path, body=None, headers=None, token=None):
        headers = dict(headers or {})
        if token or client:
            headers["Authorization"] = "Bearer " + (token or self.issuer.token(client))
        url = path if path.startswith("/") else "/fhir/" + path
        return self.registry.send(method, self.registry.url + url, body, headers)

    def events(self, **parameters):
        answer = self.registry.http.get(
            self.registry.base + "/AuditEvent", params=parameters,
            headers={"Authorization": "Bearer " + self.issuer.token("watch")})
        assert answer.status_code == 200, answer.text
        return [entry["resource"] for entry in answer.json().get("entry", [])]


def guard(folder):
    """Writes the policy; returns its path and the issuer."""
    issuer = Issuer(folder)
    path = pathlib.Path(folder) / "access.yaml"
    path.write_text(POLICY.format(issuer=ISSUER, audience=AUDIENCE, jwks=issuer.path, own=OWN, other=OTHER))
    return str(path), issuer
