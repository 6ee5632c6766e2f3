import os
import secrets
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

issuer, api, redirect_uri = os.environ["ISSUER"], os.environ["API"], os.environ["REDIRECT_URI"]
callback = urlsplit(redirect_uri)

app = Flask(__name__)
app.secret_key = secrets.token_hex()
assent = OAuth(app).register(
    "assent",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    # The addresses themselves: server_metadata_url is for OpenID Providers.
    authorize_url=f"{issuer}/authorize",
    access_token_url=f"{issuer}/token",
    client_kwargs={"scope": "vso.work vso.code", "code_challenge_method": "S256"},
)


@app.get("/")
def home():
    if "token" not in session:
        return assent.authorize_redirect(redirect_uri)
    answer = assent.get(f"{api}/work-items", token=session["token"]).json()
    return f"{len(answer['items'])} work items, with {answer['scope']}"


@app.get(callback.path)
def connected():
    # A real service keeps tokens in its database: this cookie is signed, not encrypted.
    session["token"] = assent.authorize_access_token()
    return redirect("/")


print(f"Open http://{callback.netloc}/ ", flush=True)
app.run(port=callback.port)
