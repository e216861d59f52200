"""The protocol by which somebody signs in at another system: OpenID Connect Core 1.0, authorization
code with PKCE (RFC 7636). Each address is reached through `base.outgoing`."""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from mingtang.accounts.identity import Provider, ProviderAway, SignInUndone
from mingtang.base.outgoing import ForbiddenAddress, fetch

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
SECONDS = 10  # that we wait for one answer
MOST_BYTES = 256 * 1024
LEEWAY = 60  # seconds by which two clocks may differ
BEGUN_GOOD_FOR = timedelta(minutes=10)
KNOWN_FOR = timedelta(hours=1)  # what a provider says of itself
ASKED_AGAIN = timedelta(seconds=30)  # at the least, for keys of a name that nobody knows
WANTED = ("iss", "sub", "aud", "exp", "iat")

_known: dict[str, tuple[datetime, dict[str, Any]]] = {}


def begin(
    provider: Provider, back: str, at: datetime, *, fresh: bool = False
) -> tuple[str, dict[str, Any]]:
    """Where the browser goes, and what its session keeps until it comes back. `fresh`: the provider
    asks who it is, even of somebody who has signed in there. Raises ProviderAway."""
    verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    kept: dict[str, Any] = {"side": provider.side.value, "at": at.timestamp(), "fresh": fresh}
    kept |= {"state": state, "nonce": nonce, "verifier": verifier}
    address = _metadata(provider, at)["authorization_endpoint"]
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}", kept


def finish(
    provider: Provider, kept: Mapping[str, Any], given: Mapping[str, str], back: str, at: datetime
) -> dict[str, Any]:
    """The claims about who signed in. `kept`: what `begin` gave, used up by the caller; `given`:
    what the browser brought back. Raises SignInUndone, ProviderAway."""
    _check_return(provider, kept, given, at)
    told = _tokens(provider, given["code"], kept["verifier"], back, at)
    claims = _id_token(provider, told.get("id_token"), at)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), kept["nonce"].encode()):
        raise SignInUndone("认证结果不是这一次的（nonce 不符）")
    if kept["fresh"] and not _is_fresh(claims, kept["at"]):
        raise SignInUndone("认证平台没有重新核对身份")
    if set(provider.claims.values()) - claims.keys():
        claims = _with_userinfo(provider, claims, told.get("access_token"), at)
    return claims


def farewell(provider: Provider, back: str, at: datetime) -> str:
    """Where somebody signs out over there too (RP-Initiated Logout 1.0); blank where nowhere. No
    token goes along: none is kept."""
    try:
        address = _metadata(provider, at).get("end_session_endpoint", "")
    except ProviderAway:
        return ""
    if not _is_web(provider, address):
        return ""
    asked = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back})
    return f"{address}{'&' if urlsplit(address).query else '?'}{asked}"


def _check_return(
    provider: Provider, kept: Mapping[str, Any], given: Mapping[str, str], at: datetime
) -> None:
    if kept.get("side") != provider.side.value:
        raise SignInUndone("回来的不是当初去的认证平台")
    if not hmac.compare_digest(given.get("state", "").encode(), kept["state"].encode()):
        raise SignInUndone("这次返回和本浏览器的登录对不上（state 不符）")
    if not 0 <= at.timestamp() - kept["at"] <= BEGUN_GOOD_FOR.total_seconds():
        raise SignInUndone("在认证平台上停留超过 10 分钟，已经过期")
    issuer = given.get("iss")  # RFC 9207: against a mix-up of two providers
    must = _metadata(provider, at).get("authorization_response_iss_parameter_supported") is True
    if (issuer is None and must) or (issuer is not None and issuer != provider.issuer):
        raise SignInUndone("回来的不是当初去的认证平台（iss 不符）")
    if given.get("error"):
        raise SignInUndone("认证平台上没有同意，或者取消了")
    if not given.get("code"):
        raise SignInUndone("认证平台没有给授权码")


def _tokens(
    provider: Provider, code: str, verifier: str, back: str, at: datetime
) -> dict[str, Any]:
    known = _metadata(provider, at)
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if "client_secret_basic" in known.get(
        "token_endpoint_auth_methods_supported", ["client_secret_basic"]
    ):
        pair = f"{quote(provider.client_id, '')}:{quote(provider.secret, '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        asked |= {"client_id": provider.client_id, "client_secret": provider.secret}
    status, said = _ask(
        "POST", provider, known["token_endpoint"], urlencode(asked).encode(), headers
    )
    if status in {400, 401}:
        raise SignInUndone("授权码无效、已经用过，或者认证平台不认本系统的密钥")
    return _json(status, said)


def _id_token(provider: Provider, token: Any, at: datetime) -> dict[str, Any]:
    """Its signature by a key of the provider, its issuer, audience and time (Core 3.1.3.7)."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(provider, header.get("kid"), at),
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": list(WANTED)},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise SignInUndone("认证结果的签名、对象或时间不对") from None
    many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if many else provider.client_id) != provider.client_id:
        raise SignInUndone("认证结果是给别的系统的")
    if not claims["sub"]:
        raise SignInUndone("认证结果没有说是谁")
    return claims


def _key(provider: Provider, kid: Any, at: datetime) -> jwt.PyJWK:
    """The key of a name; where nobody knows it, the provider may have changed its keys."""
    address = _metadata(provider, at)["jwks_uri"]
    since, told = _asked(provider, address, at)
    if _named(told, kid) is None and at - since >= ASKED_AGAIN:
        _known.pop(address, None)
        _, told = _asked(provider, address, at)
    found = _named(told, kid)
    if found is None:
        raise SignInUndone("认证平台没有公布签名所用的公钥")
    return found


def _named(told: Mapping[str, Any], kid: Any) -> jwt.PyJWK | None:
    """A token without a name is of the only key there is."""
    keys = [
        one
        for one in jwt.PyJWKSet.from_dict(dict(told)).keys
        if one.public_key_use in {None, "sig"} and one.key_type != "oct"
    ]
    fitting = keys if kid is None else [one for one in keys if one.key_id == kid]
    return fitting[0] if len(fitting) == 1 else None


def _is_fresh(claims: Mapping[str, Any], since: float) -> bool:
    shown = claims.get("auth_time")
    return isinstance(shown, int | float) and shown >= since - LEEWAY


def _with_userinfo(
    provider: Provider, claims: dict[str, Any], access: Any, at: datetime
) -> dict[str, Any]:
    """What the token itself does not say; it is about the same subject, or not heard (5.3.2)."""
    address = _metadata(provider, at).get("userinfo_endpoint")
    if not address or not isinstance(access, str):
        return claims
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    more = _json(*_ask("GET", provider, address, None, headers))
    if more.get("sub") != claims["sub"]:
        raise SignInUndone("认证平台给的资料是另一个人的")
    return more | claims


def _metadata(provider: Provider, at: datetime) -> dict[str, Any]:
    """What the provider says of itself (Discovery 1.0), asked once an hour."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    _, told = _asked(provider, address, at)
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if told.get("issuer") != provider.issuer or not all(
        _is_web(provider, told.get(one)) for one in needed
    ):
        _known.pop(address, None)
        raise ProviderAway
    return told


def _is_web(provider: Provider, address: Any) -> bool:
    allowed = ("https://",) if provider.is_secure else ("https://", "http://")
    return isinstance(address, str) and address.startswith(allowed)


def _asked(provider: Provider, address: str, at: datetime) -> tuple[datetime, dict[str, Any]]:
    """What an address told, and when: at most an hour ago."""
    kept = _known.get(address)
    if kept is None or not timedelta() <= at - kept[0] < KNOWN_FOR:
        kept = at, _json(*_ask("GET", provider, address, None, {"Accept": "application/json"}))
        _known[address] = kept
    return kept


def _ask(
    method: str, provider: Provider, address: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    if not _is_web(provider, address):
        raise ProviderAway
    try:
        return fetch(method, address, body, headers, seconds=SECONDS, most=MOST_BYTES)
    except (ForbiddenAddress, OSError, http.client.HTTPException, ValueError) as error:
        raise ProviderAway from error


def _json(status: int, said: bytes) -> dict[str, Any]:
    try:
        told = json.loads(said) if status == http.client.OK else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ProviderAway
    return told
