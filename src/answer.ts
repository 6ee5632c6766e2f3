/**
 * Answers as `@azure/functions` takes them. Of an init it makes a `Response` of the runtime, and reads its body back out of a stream;
 * an `HttpResponse` it only asks for what is here (`test/answer.test.ts` compares what comes of both).
 */
import { HttpResponse } from '@azure/functions';
import type { Answer } from './http/frame.ts';

/** RFC 9110 §5.5, and no more than Latin-1: what else a value holds could not be sent, or would be read as another header. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

class WholeAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: Answer['cookies'];
  readonly enableContentNegotiation = false;
  readonly #body: Answer['body'];

  constructor({ status, headers, cookies, body }: Answer) {
    this.status = status;
    this.headers = new Map(Object.entries(headers));
    this.cookies = cookies;
    this.#body = body;
  }

  async arrayBuffer(): Promise<Uint8Array> {
    return typeof this.#body === 'string' ? Buffer.from(this.#body) : (this.#body ?? Buffer.alloc(0));
  }
}
Object.setPrototypeOf(WholeAnswer.prototype, HttpResponse.prototype);

/** Throws a TypeError for a header that cannot be sent. */
export const wholeAnswer = (answer: Answer): HttpResponse => {
  for (const value of Object.values(answer.headers))
    if (!fieldValue.test(value)) throw new TypeError('a header has a value that cannot be sent');
  return new WholeAnswer(answer) as unknown as HttpResponse;
};
