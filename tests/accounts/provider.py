"""A provider of identities that keeps the protocol, and breaks one thing of it when told to."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from mingtang.accounts import oidc
from mingtang.accounts.identity import Provider, Side

ISSUER = "https://id.example"
OTHER = "https://other.example"
NUMBER = "330881190001010015"
CITIZENS = Provider(
    side=Side.CITIZENS,
    issuer=ISSUER,
    client_id="hall",
    secret="a secret",
    label="省统一身份认证",
    claims={"name": "name", "number": "id_number", "phone": "phone_number", "level": "grade"},
    levels={"L1": 1, "L2": 2, "L3": 3},
)
STAFF = Provider(
    side=Side.STAFF,
    issuer=OTHER,
    client_id="hall",
    secret="a secret",
    label="市统一身份认证",
    claims={"username": "preferred_username"},
    factors=frozenset({"otp", "urn:two"}),
)


class Pretended:
    """Its answers, at the place of the network. `change` is what the next token says otherwise."""

    def __init__(self, issuer, at):
        self.issuer, self.at = issuer, at
        self.keys = {"one": ec.generate_private_key(ec.SECP256R1())}
        self.signs_with = "one"
        self.algorithm = "ES256"
        self.person = {"sub": "s-1", "name": "毛建国", "id_number": NUMBER, "grade": "L2"}
        self.change, self.about, self.metadata = {}, {}, {}
        self.codes, self.asked = {}, []

    def consent(self, address):
        """What the browser brings back after somebody agreed there."""
        sent = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = sent
        return {"code": code, "state": sent["state"]}

    def fetch(self, method, url, body=None, headers=None, *, seconds, most):
        parts = urlsplit(url)
        self.asked.append(parts.path)
        paths = {
            "/.well-known/openid-configuration": self._says_of_itself,
            "/keys": self._published,
            "/token": lambda: self._token(parse_qs((body or b"").decode()), headers),
            "/userinfo": lambda: {"sub": self.person["sub"], **self.about},
        }
        told = paths[parts.path]()
        return (400, b"{}") if told is None else (200, json.dumps(told).encode())

    def _says_of_itself(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/bye",
            **self.metadata,
        }

    def _published(self):
        algorithm = jwt.get_algorithm_by_name("ES256")
        return {
            "keys": [
                algorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}
                for kid, key in self.keys.items()
            ]
        }

    def _token(self, asked, headers):
        sent = self.codes.pop(asked["code"][0], None)  # once
        if sent is None or sent["redirect_uri"] != asked["redirect_uri"][0]:
            return None
        digest = hashlib.sha256(asked["code_verifier"][0].encode()).digest()
        if sent["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("="):
            return None
        if headers["Authorization"] != "Basic " + base64.b64encode(b"hall:a%20secret").decode():
            return None
        return {"id_token": self.token(sent["nonce"]), "access_token": "t", "token_type": "Bearer"}

    def token(self, nonce):
        claims = {
            **self.person,
            "iss": self.issuer,
            "aud": "hall",
            "nonce": nonce,
            "iat": self.at,
            "exp": self.at + timedelta(minutes=5),
            **self.change,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.keys.get(self.signs_with, self.keys["one"])
        key = {"none": None, "HS256": "x" * 32}.get(self.algorithm, key)
        return jwt.encode(claims, key, self.algorithm, headers={"kid": self.signs_with})


def pretend(monkeypatch, issuer, at):
    """Such a provider, at the place of the network."""
    made = Pretended(issuer, at)
    monkeypatch.setattr(oidc, "fetch", made.fetch)
    monkeypatch.setattr(oidc, "_known", {})
    return made
