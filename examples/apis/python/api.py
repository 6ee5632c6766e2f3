"""An API behind Assent, with Python's own library and Debian's python3-jwt and python3-cryptography."""

import base64
import hashlib
import json
import os
import re
import socket
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import jwt
from dpop import ALGORITHMS, Proofs

ISSUER, RESOURCE = os.environ["ISSUER"], os.environ["RESOURCE"]
# RFC 9728 section 3.1: the path of the metadata stands before the path of the resource.
ORIGIN, PATH = "{0.scheme}://{0.netloc}".format(urlsplit(RESOURCE)), urlsplit(RESOURCE).path.rstrip("/")
METADATA = os.environ.get("RESOURCE_METADATA", ORIGIN + "/.well-known/oauth-protected-resource" + PATH)
# Its clock may be ahead of ours: nothing is refused for having been made a second from now.
REQUIRED = {"require": ["exp", "sub", "client_id"], "verify_iat": False}


class Keys(jwt.PyJWKClient):
    """PyJWT would fetch for every token with a key that it does not know: anybody can make those up."""

    fetched = float("-inf")

    def get_jwk_set(self, refresh=False):
        refresh = refresh and time.monotonic() - self.fetched > 30
        if refresh:
            self.fetched = time.monotonic()
        return super().get_jwk_set(refresh)


# Assent in ten lines
keys = Keys(ISSUER + "/.well-known/jwks.json")
def authorize(request, scope, max_age=float("inf")):
    sent = re.fullmatch(r"(Bearer|DPoP) +(\S+)", request.headers["authorization"] or "", re.IGNORECASE)
    if not sent: return refused(401, scope=scope)
    claims = verified(sent[2], audience=RESOURCE, issuer=ISSUER, options=REQUIRED)
    scheme, error = problem(request, *sent.groups(), claims)
    if error: return refused(401, scheme, error=error, scope=scope)
    if scope not in granted(claims): return refused(403, scheme, error="insufficient_scope", scope=both(claims, scope))
    if age(claims) > max_age: return refused(401, scheme, error="insufficient_user_authentication", max_age=max_age)
    return 200, None, claims
# End of the ten lines

# Tokens that are bound to a key come with a proof. ORIGIN is where clients reach this API, if its identifier is elsewhere.
proofs = Proofs(os.environ.get("ORIGIN", ORIGIN))


def problem(request, scheme, token, claims):
    """The scheme to answer in, and what is wrong, or None."""
    if not claims or is_revoked(claims):
        return scheme, "invalid_token"
    return proofs.problem(request, scheme, token, claims)


def granted(claims):
    return str(claims.get("scope", "")).split()


def both(claims, scope):
    """A client that asks for the scope of the challenge alone keeps what it has."""
    return " ".join([*granted(claims), scope])


def age(claims):
    """Seconds since the person signed in; services never do."""
    return time.time() - claims.get("auth_time", 0)


def verified(token, typ="at+jwt", **checks):
    """Claims of a good token, and None for any other (RFC 9068 section 4)."""
    try:
        key = keys.get_signing_key_from_jwt(token)
        if str(jwt.get_unverified_header(token).get("typ")).lower() not in (typ, "application/" + typ):
            return None
        return jwt.decode(token, key.key, algorithms=["RS256", "PS256", "ES256"], **checks)
    except jwt.PyJWTError as error:
        # That the keys cannot be fetched is not the token's fault: the answer is 503, and no token passes.
        if isinstance(error.__context__, OSError):
            raise
        return None


class Ended:
    """What Assent ended lately. Without it, tokens count until they expire: nobody is locked out because it is away."""

    listed, tried = {"exp": 0}, float("-inf")

    def fetch(self):
        self.tried = time.monotonic()
        try:
            with urllib.request.urlopen(ISSUER + "/revocations") as answer:
                text = answer.read().decode()
            self.listed = verified(text, "assent-revocations+jwt", issuer=ISSUER, options={"verify_iat": False}) or self.listed
        except (OSError, ValueError, jwt.PyJWTError):
            pass


ended = Ended()


def is_revoked(claims):
    """Whether what the token rests on has ended: a person who revokes is obeyed within 15 seconds."""
    if time.monotonic() - ended.tried > 5:
        ended.fetch()
    if time.time() > ended.listed["exp"]:
        return False
    listed, before = ended.listed["ended"], ended.listed["not_before"]
    of = {name: digest(str(claims.get(name))) for name in ("client_id", "granted_to", "jti", "sid", "sub")}
    # What was exchanged rests on what the person granted to another client.
    rests_on = (("client_id", "client_id"), ("client_id", "granted_to"), ("sid", "sid"), ("sub", "sub"))
    instants = [before[name].get(of[claim], 0) for name, claim in rests_on]
    void = claims.get("iat", 0) < max(before.get("everyone", 0), *instants)
    return void or of["sid"] in listed["sid"] or of["jti"] in listed["jti"]


def digest(value):
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode()).digest()[:16]).decode().rstrip("=")


def refused(status, scheme="Bearer", **parameters):
    """RFC 6750 section 3, RFC 9449 section 7.1, RFC 9728 section 5.1: what is wrong, and where a client reads whom to ask."""
    parameters["resource_metadata"] = METADATA
    if scheme.lower() == "dpop":
        parameters["algs"] = " ".join(ALGORITHMS)
    return status, ("DPoP " if "algs" in parameters else "Bearer ") + ", ".join(f'{name}="{value}"' for name, value in parameters.items()), None


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/.well-known/oauth-protected-resource"):
            return self.answer(200, {
                "resource": RESOURCE,
                "resource_name": "Work items",
                "authorization_servers": [ISSUER],
                "scopes_supported": ["vso.work", "vso.work_write"],
                "bearer_methods_supported": ["header"],
                "dpop_signing_alg_values_supported": ALGORITHMS,
            })
        self.answer_whoever("vso.work")

    def do_DELETE(self):
        self.answer_whoever("vso.work_write", 300)

    def answer_whoever(self, *needs):
        try:
            status, challenge, claims = authorize(self, *needs)
        except Exception:
            return self.answer(503, {}, {"retry-after": "5"})
        if challenge:
            return self.answer(status, {}, {"www-authenticate": challenge})
        self.answer(status, {"person": claims.get("uid"), "service": claims["client_id"]})

    def answer(self, status, body, headers={}):
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


# For the keys as well as for callers.
socket.setdefaulttimeout(5)
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8081"))), Api)
print(f"Open http://localhost:{server.server_port}/ ", flush=True)
server.serve_forever()
