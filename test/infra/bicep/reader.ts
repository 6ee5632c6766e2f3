/** A cursor over Bicep text: white space and comments are skipped, line ends are not, since they separate things. */
export class Reader {
  readonly text: string;
  readonly file: string;
  at = 0;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  error(problem: string): Error {
    const before = this.text.slice(0, this.at).split('\n');
    return new Error(`${this.file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${problem}`);
  }

  skipSpaces(): void {
    this.#skip(/[ \t]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y);
  }

  skipLines(): void {
    this.#skip(/\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y);
  }

  #skip(pattern: RegExp): void {
    for (;;) {
      pattern.lastIndex = this.at;
      const found = pattern.exec(this.text);
      if (found === null) return;
      this.at += found[0].length;
    }
  }

  /** True when the text goes on with `symbol`. */
  sees(symbol: string): boolean {
    this.skipSpaces();
    return this.text.startsWith(symbol, this.at);
  }

  take(symbol: string): boolean {
    if (!this.sees(symbol)) return false;
    this.at += symbol.length;
    return true;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.error(`"${symbol}" is missing`);
  }

  match(pattern: RegExp): string | undefined {
    this.skipSpaces();
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  word(): string {
    const found = this.match(/[A-Za-z_]\w*/);
    if (found === undefined) throw this.error('a name is missing');
    return found;
  }

  takeWord(word: string): boolean {
    return this.match(new RegExp(`${word}\\b`)) !== undefined;
  }

  endOfLine(): void {
    this.skipSpaces();
    if (!this.ended && this.match(/\r?\n/) === undefined) throw this.error('the line should end here');
  }

  /** Runs `attempt`; goes back to where it was when that returns undefined. */
  maybe<T>(attempt: () => T | undefined): T | undefined {
    const start = this.at;
    const result = attempt();
    if (result === undefined) this.at = start;
    return result;
  }
}
