import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;
const { pathname, port } = new URL(REDIRECT_URI);

const strategy = new OAuth2Strategy(
  {
    authorizationURL: `${ISSUER}/authorize`,
    tokenURL: `${ISSUER}/token`,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    callbackURL: REDIRECT_URI,
    scope: ['vso.work', 'vso.code'],
    // Both are off unless you say so, and Assent wants PKCE.
    pkce: true,
    state: true,
  },
  (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
);
passport.use('assent', strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get('/connect', passport.authenticate('assent'));
app.get(pathname, passport.authenticate('assent', { successRedirect: '/', failureRedirect: '/refused' }));
app.get('/refused', (_request, response) => response.send('You did not approve.'));
app.get('/', async (request, response) => {
  if (request.user === undefined) return response.redirect('/connect');
  const headers = { authorization: `Bearer ${request.user.accessToken}` };
  const { items, scope } = await (await fetch(new URL('/work-items', API), { headers })).json();
  response.send(`${items.length} work items, with ${scope}`);
});
app.listen(Number(port), () => console.log(`Open http://localhost:${port}/`));
