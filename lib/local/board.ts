/** Draws lines that change in place on a terminal; elsewhere it prints a line when it has something new to say. */
export class Board {
  readonly #print: (text: string) => void;
  readonly #terminal: boolean;
  #shown: readonly string[] = [];

  constructor(print: (text: string) => void, terminal: boolean) {
    this.#print = print;
    this.#terminal = terminal;
  }

  /** Always as many lines as before. */
  draw(lines: readonly string[]): void {
    if (!this.#terminal) {
      for (const [n, line] of lines.entries()) if (line !== this.#shown[n]) this.#print(line);
    } else if (lines.some((line, n) => line !== this.#shown[n])) {
      const up = this.#shown.length > 0 ? `\u001b[${this.#shown.length}A` : '';
      this.#print(`${up}${lines.map((line) => `\u001b[2K${line}`).join('\n')}`);
    }
    this.#shown = lines;
  }
}
