/**
 * A connection that is kept, with one request on it at a time. Node's own client makes an object of every part of a request and emits
 * an event at every step: what the SDKs send needs none of that, and it was a tenth of the work of a whole flow.
 */
import type { Socket } from 'node:net';
import { contentOf } from './answer-content.ts';
import { type AnswerHead, answerHead, UnreadableAnswer } from './answer-head.ts';

export type Answer = { readonly head: AnswerHead; readonly text: string };

export type Exchange = {
  readonly bytes: Buffer;
  /** Whether it is a HEAD request, whose answer has no content. */
  readonly isHead: boolean;
  answered(answer: Answer): void;
  failed(error: Error): void;
};

export type Connection = {
  /** To be asked for only while nothing else is on its way. */
  send(exchange: Exchange): void;
  /** False when the server may be about to close it. */
  isGood(): boolean;
  /** Ends it; nobody is told. */
  destroy(): void;
};

type Whereabouts = {
  /** It can be asked again. */
  idle(connection: Connection): void;
  /** It cannot, from here on. */
  gone(connection: Connection): void;
};

/** As much as Node's own client takes. */
const longestHead = 16_384;

/** A server that closes after so many seconds may have begun to. */
const marginSeconds = 1;

const nothing: Buffer = Buffer.alloc(0);
const headEnd = '\r\n\r\n';

/** Over a socket that connects or has connected. */
export const openConnection = (socket: Socket, { idle, gone }: Whereabouts): Connection => {
  let exchange: Exchange | undefined;
  let reader = createReader(false);
  let goodUntil = Number.POSITIVE_INFINITY;

  const finish = (): Exchange | undefined => {
    const finished = exchange;
    exchange = undefined;
    return finished;
  };
  const fail = (error: Error): void => {
    socket.destroy();
    gone(connection);
    finish()?.failed(error);
  };
  const answer = (): void => {
    const { head, text, surplus } = reader.answer();
    const { keptSeconds } = head;
    if (keptSeconds !== undefined) goodUntil = performance.now() + (keptSeconds - marginSeconds) * 1_000;
    const finished = finish();
    // What the server did not wait for would be in the way of the next request.
    if (head.persists && !surplus && socket.writableLength === 0) {
      socket.unref();
      idle(connection);
    } else {
      socket.destroy();
      gone(connection);
    }
    finished?.answered({ head, text });
  };

  socket.on('data', (bytes: Buffer) => {
    if (exchange === undefined) return fail(new UnreadableAnswer('nobody asked'));
    try {
      if (reader.take(bytes)) answer();
    } catch (error) {
      fail(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('end', () => (reader.endsHere() ? answer() : fail(hangUp())));
  socket.on('close', () => fail(hangUp()));

  const connection: Connection = {
    send: (sent) => {
      exchange = sent;
      reader = createReader(sent.isHead);
      socket.ref();
      socket.write(sent.bytes);
    },
    isGood: () => !socket.destroyed && socket.writable && performance.now() < goodUntil,
    destroy: () => {
      finish();
      socket.destroy();
      gone(connection);
    },
  };
  return connection;
};

const hangUp = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Reads one answer. */
const createReader = (isHead: boolean) => {
  let before = nothing;
  let head: AnswerHead | undefined;
  let content: ReturnType<typeof contentOf> | undefined;
  let surplus = false;

  /** Gives what comes after the head; undefined while it is not all there. */
  const takeHead = (bytes: Buffer): Buffer | undefined => {
    before = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    const end = before.indexOf(headEnd);
    if ((end < 0 ? before.length : end) > longestHead) throw new UnreadableAnswer('its head is too long');
    if (end < 0) return undefined;
    const found = answerHead(before.toString('latin1', 0, end), isHead);
    const rest = before.subarray(end + headEnd.length);
    before = nothing;
    // RFC 9110 §15.2: others may come before the answer.
    if (found.status < 200) return takeHead(rest);
    head = found;
    content = contentOf(found.length);
    return rest;
  };

  return {
    /** True when the answer is whole. */
    take: (bytes: Buffer): boolean => {
      const rest = content === undefined ? takeHead(bytes) : bytes;
      if (rest === undefined || content === undefined) return false;
      surplus = content.take(rest) < rest.length;
      return content.isWhole();
    },
    endsHere: (): boolean => content?.endsHere() === true,
    answer: () => {
      if (head === undefined || content === undefined) throw new UnreadableAnswer('there is none');
      return { head, text: content.text(), surplus };
    },
  };
};
