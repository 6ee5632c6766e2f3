package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

func main() {
	issuer, ctx := os.Getenv("ISSUER"), context.Background()
	config := &oauth2.Config{
		ClientID:     os.Getenv("CLIENT_ID"),
		ClientSecret: os.Getenv("CLIENT_SECRET"), // empty for a client without one
		RedirectURL:  os.Getenv("REDIRECT_URI"),
		Scopes:       []string{"vso.work", "vso.code"},
		Endpoint:     oauth2.Endpoint{AuthURL: issuer + "/authorize", TokenURL: issuer + "/token"},
	}

	// From version 0.13 on: oauth2.GenerateVerifier, S256ChallengeOption and VerifierOption.
	verifier, state := random(), random()
	digest := sha256.Sum256([]byte(verifier))
	authorize := config.AuthCodeURL(state,
		oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(digest[:])),
		oauth2.SetAuthURLParam("code_challenge_method", "S256"))
	fmt.Printf("Open %s\nThen paste the address that you came back to: ", authorize)
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	pasted, err := url.Parse(strings.TrimSpace(line))
	check(err)
	answer := pasted.Query()
	if answer.Get("state") != state || answer.Get("iss") != issuer || answer.Get("code") == "" {
		log.Fatalf("not connected: %s %s", answer.Get("error"), answer.Get("error_description"))
	}

	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.SetAuthURLParam("code_verifier", verifier))
	check(err)
	show(ctx, config, token)
	// The client refreshes by itself when the token is over.
	token.Expiry = time.Now()
	show(ctx, config, token)
}

func show(ctx context.Context, config *oauth2.Config, token *oauth2.Token) {
	response, err := config.Client(ctx, token).Get(os.Getenv("API") + "/work-items")
	check(err)
	defer response.Body.Close()
	var work struct {
		Items []struct{ Title string }
		Scope string
	}
	check(json.NewDecoder(response.Body).Decode(&work))
	fmt.Printf("%d work items, with %s\n", len(work.Items), work.Scope)
}

func random() string {
	bytes := make([]byte, 32)
	_, err := rand.Read(bytes)
	check(err)
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
