/** Entering the code of a device, and what comes after the answer. */
import { type Html, html } from '../../html.ts';

export const device = {
  title: 'Connect a device',
  lead: 'A device or an app without a browser shows you a code. Enter it here, and you see who asks for what before anything happens.',
  code: 'Code on the device',
  onlyYourOwn:
    'Only enter a code that you see on a device of your own. Nobody who helps you needs you to enter theirs.',
  unknown: 'This code is not known, or no longer. Compare it with the device, or start again there.',
  tooMany: 'That were too many codes. Please wait a moment and try again.',
  signIn: 'The people who run this site want you to sign in in another way before you connect a service.',
  connectedTitle: 'Device connected',
  connectedHeading: 'Go back to your device',
  connected: (service: Html) => html`${service} is connected. In a few seconds the device notices by itself.`,
  refusedTitle: 'Not connected',
  refusedHeading: 'The device gets nothing',
  refused: (service: Html) => html`You refused what ${service} asked for. The code is of no use any more.`,
};
