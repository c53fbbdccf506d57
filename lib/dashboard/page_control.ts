/// <reference lib="dom" />
import type { Instruction, Panels } from "./feed.ts";
import { byId, make, setText, show } from "./page_dom.ts";

const WORDS: Readonly<Record<Instruction, { readonly title: string; readonly what: string }>> = {
  pause: {
    title: "Pause entries",
    what:
      "No entries until somebody resumes; the session goes on with its positions, exits and stops.",
  },
  halt: {
    title: "Halt",
    what: "No entries from now on, in this session and later ones, until somebody resumes. " +
      "Exits and stops still work; nothing is sold by this.",
  },
  flatten: {
    title: "Halt and flatten",
    what: "Halts, and the session closes every position. " +
      "If none runs, the next one does that first.",
  },
  resume: {
    title: "Resume",
    what: "Lifts the halt, or the pause when nothing is halted: entries are allowed again at once.",
  },
};

/** The same from a terminal, for when the page cannot. */
const COMMAND: Readonly<Record<Instruction, string>> = {
  pause: "deno task pause",
  halt: "deno task halt",
  flatten: "deno task halt --flatten",
  resume: "deno task resume",
};
const INSTRUCTIONS: readonly Instruction[] = ["pause", "halt", "flatten", "resume"];

/** What the page can change when the server allows it, each typed to confirm, with a reason. */
export class Control {
  readonly #dialog = dialogOf(byId("control"));
  readonly #button = byId("control-button");
  readonly #reason = inputOf(byId("control-reason"));
  readonly #confirm = inputOf(byId("control-confirm"));
  readonly #choices = new Map(
    INSTRUCTIONS.map((instruction) => [instruction, newChoice(instruction)]),
  );
  #chosen: Instruction = "halt";

  constructor() {
    this.#button.addEventListener("click", () => this.#open());
    byId("control-cancel").addEventListener("click", () => this.#dialog.close());
    byId("control-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    for (const [instruction, choice] of this.#choices) {
      choice.addEventListener("change", () => this.#choose(instruction));
    }
  }

  /** `trouble`: what is shown may be old. Then only what stops entries can be done on its word. */
  render({ control, halt, pause, flatten }: Panels, trouble: boolean): void {
    show(this.#button, control.allowed);
    const pointless: Readonly<Record<Instruction, boolean>> = {
      pause: pause.paused,
      halt: halt.halted,
      flatten: trouble || flatten.pending,
      resume: trouble || !(halt.halted || pause.paused),
    };
    for (const [instruction, choice] of this.#choices) choice.disabled = pointless[instruction];
  }

  #open(): void {
    const possible = (instruction: Instruction): boolean =>
      this.#choices.get(instruction)?.disabled === false;
    this.#choose(possible("resume") ? "resume" : INSTRUCTIONS.find(possible) ?? "halt");
    setText(byId("control-error"), "");
    this.#reason.value = "";
    this.#confirm.value = "";
    this.#dialog.showModal();
    this.#choices.get(this.#chosen)?.focus();
  }

  #choose(instruction: Instruction): void {
    this.#chosen = instruction;
    const choice = this.#choices.get(instruction);
    if (choice !== undefined) choice.checked = true;
    const { title, what } = WORDS[instruction];
    setText(byId("control-what"), what);
    setText(byId("control-word"), wordOf(instruction));
    setText(byId("control-submit"), title);
  }

  async #send(): Promise<void> {
    const word = wordOf(this.#chosen);
    if (this.#confirm.value !== word) return this.#complain(`Type ${word} to confirm`);
    try {
      const token = await (await fetch("/control/token")).text();
      const response = await fetch(`/control/${this.#chosen}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: JSON.stringify({ confirm: this.#confirm.value, reason: this.#reason.value }),
      });
      if (response.ok) return this.#dialog.close();
      this.#complain((await response.text()).trim());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#complain(
        `The dashboard's server does not answer: use ${COMMAND[this.#chosen]} in a terminal`,
      );
    }
  }

  #complain(text: string): void {
    setText(byId("control-error"), text);
  }
}

/** The word that has to be typed; the server asks for the same. */
function wordOf(instruction: Instruction): string {
  return instruction.toUpperCase();
}

function newChoice(instruction: Instruction): HTMLInputElement {
  const choice = inputOf(make("input"));
  choice.type = "radio";
  choice.name = "instruction";
  choice.id = `control-${instruction}`;
  const label = make("label");
  label.append(choice, make("span", "", WORDS[instruction].title));
  byId("control-list").append(label);
  return choice;
}

function dialogOf(element: HTMLElement): HTMLDialogElement {
  if (element instanceof HTMLDialogElement) return element;
  throw new TypeError("Cannot use the control dialog: the page has none");
}

function inputOf(element: HTMLElement): HTMLInputElement {
  if (element instanceof HTMLInputElement) return element;
  throw new TypeError(`Cannot use #${element.id}: it is no input`);
}
