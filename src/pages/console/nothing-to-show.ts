/** For an address of the console that names nothing, or nothing any more. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import { type ConsoleSite, consoleLayout, problemNotice } from './frame.ts';

type NothingView = ConsoleSite & {
  readonly why: string;
  /** Why a form was refused before. */
  readonly problem?: string | undefined;
};

export const nothingToShowPage = (view: NothingView): Html =>
  consoleLayout(view, {
    area: undefined,
    title: 'Nothing to show',
    main: html`${problemNotice(view.problem)}
<div class="card"><p>The console was asked for something that it does not have: ${cleanText(view.why, 500)}.</p>
<p class="ways"><a class="button" href="/console">Overview</a></p></div>`,
  });
