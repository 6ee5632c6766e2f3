/** Redirect URIs that must lead nowhere. https://app.example/cb and https://app.example/cb2?x=1 are the registered ones. */

export const unregistered = [
  'https://app.example/cb/',
  'https://app.example/CB',
  'https://app.example/cb?y=1',
  'https://app.example/cb?',
  'https://app.example/cb#f',
  'https://app.example/cb#',
  'https://app.example/cb;x',
  'https://app.example/cb/..',
  'https://app.example/cb/../cb',
  'https://app.example/cb%2f',
  'https://app.example/%63b',
  'https://app.example/x/../cb',
  'https://app.example:443/cb',
  'https://APP.example/cb',
  'HTTPS://app.example/cb',
  'http://app.example/cb',
  'https://app.example./cb',
  'https://app.example.evil.test/cb',
  'https://app.example@evil.test/cb',
  'https://app.example:x@evil.test/cb',
  'https://evil.test#app.example/cb',
  'https://evil.test/cb?https://app.example/cb',
  'https://evil.test\\@app.example/cb',
  'https://evil.test\\.app.example/cb',
  '//evil.test/cb',
  '/cb',
  'https:evil.test',
  ' https://app.example/cb',
  'https://app.example/cb ',
  'https://app.example/cb2',
  'https://app.example/cb2?x=1&y=2',
  'https://app.example/cb2?x=2',
  'https://app.example/cb*',
  '',
];

export const traversals = [
  'https://app.example/cb/..;/evil',
  'https://app.example/..;/',
  'https://app.example/cb/..;/..;/cb',
];

export const scripts = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'javascript://app.example/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'DATA:text/html;base64,PHNjcmlwdD4=',
  'vbscript:msgbox(1)',
  'blob:https://app.example/1',
  'file:///etc/passwd',
  'about:blank',
  'view-source:https://app.example/cb',
  'intent://app.example/#Intent;end',
];

export const withControls = [
  '\tjavascript:alert(1)',
  'java\nscript:alert(1)',
  'java\u0000script:alert(1)',
  'javascript\r:alert(1)',
];
