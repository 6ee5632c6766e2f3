import base64
import hashlib
import os
import secrets

from requests_oauthlib import OAuth2Session

issuer, api = os.environ["ISSUER"], os.environ["API"]
client_id, client_secret = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
# A person may approve less than you ask for. oauthlib calls that an error unless it is told not to.
os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
if issuer.startswith("http:"):  # on your own machine only
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

service = OAuth2Session(client_id, redirect_uri=os.environ["REDIRECT_URI"], scope=["vso.work", "vso.code"])

# From version 2.0 on, OAuth2Session(..., pkce="S256") does these lines and sends code_verifier.
verifier = secrets.token_urlsafe(32)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
url, _ = service.authorization_url(f"{issuer}/authorize", code_challenge=challenge, code_challenge_method="S256")

print(f"Open {url}", flush=True)
answer = input("Then paste the address that you came back to: ")


def show(token):
    items = service.get(f"{api}/work-items").json()["items"]
    print(f"{len(items)} work items, with {' '.join(token['scope'])}")


token = service.fetch_token(
    f"{issuer}/token", authorization_response=answer, client_secret=client_secret, code_verifier=verifier
)
show(token)
service.scope = token["scope"]  # it is sent again with every refresh, and may be less by now
token = service.refresh_token(f"{issuer}/token", client_id=client_id, client_secret=client_secret)
show(token)
service.post(f"{issuer}/revoke", data={"token": token["refresh_token"]}, auth=(client_id, client_secret), withhold_token=True)
