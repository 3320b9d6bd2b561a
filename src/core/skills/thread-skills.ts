import type { SkillMetadata, SkillsListEntry, UserInput } from '../../protocol/index.ts';
import type { Config } from '../config/index.ts';
import { listSkills } from './list-skills.ts';
import type { SkillSources } from './list-skills.ts';
import { mayNameSkills, namedSkills } from './named-skills.ts';
import { readSkillFile } from './skill-file.ts';
import { skillBudget, skillList } from './skill-list.ts';

export interface ThreadSkillsOptions {
  readonly sources: SkillSources;
  readonly settings: Config['skills'];
}

/** What an input adds to what the model is given. */
export interface AttachedSkills {
  readonly texts: readonly string[];
  /** Sentences for the user about skills that cannot be added. */
  readonly warnings: readonly string[];
}

/** How much of one `SKILL.md` the model is given, in bytes. */
const LONGEST_CONTENT = 64 * 1024;

/** How many skills one input can add. */
const MOST_ADDED = 16;

/** How many warnings there can be of one input. */
const MOST_WARNINGS = 32;

/** The skills of a thread: looked for before its first turn, and again where it works in another folder. */
export class ThreadSkills {
  readonly #options: ThreadSkillsOptions;
  /** The folder that the skills were looked for in; null before. */
  #cwd: string | null = null;
  #isStale = false;
  #skills: readonly SkillMetadata[] = [];
  #hasWarned = false;
  readonly #warnings: string[] = [];

  constructor(options: ThreadSkillsOptions) {
    this.#options = options;
  }

  /** Looks for the skills for an absolute path, unless that was done last. */
  async load(cwd: string): Promise<void> {
    if (!this.#options.settings.areListed || (cwd === this.#cwd && !this.#isStale)) return;
    this.#isStale = false;
    const { skills } = await this.#look(cwd);
    this.#skills = skills.filter(({ enabled }) => enabled);
    this.#cwd = cwd;
  }

  /** Skills may have changed, so that the next `load` looks for them in any case. */
  expire(): void {
    this.#isStale = true;
  }

  /**
   * What the model is told of the skills for a path: the empty text is that there are none, and null that they have not been
   * looked for. The context window is in tokens.
   */
  list(cwd: string, contextWindow: number | null): string | null {
    if (!this.#options.settings.areListed) return '';
    if (cwd !== this.#cwd) return null;
    if (this.#skills.length === 0) return '';
    const { text, warning } = skillList(this.#skills, skillBudget(contextWindow));
    if (warning !== null && !this.#hasWarned) {
      this.#hasWarned = true;
      this.#warnings.push(warning);
    }
    return text;
  }

  /** What the user has not been told yet of the list. */
  takeWarnings(): string[] {
    return this.#warnings.splice(0);
  }

  /** The skills that an input names, as they are now. */
  async attach(input: readonly UserInput[], cwd: string): Promise<AttachedSkills> {
    if (!mayNameSkills(input)) return { texts: [], warnings: [] };
    const named = namedSkills(input, await this.#look(cwd));
    const texts: string[] = [];
    const warnings = [...named.warnings];
    for (const { name, path } of named.skills.slice(0, MOST_ADDED)) {
      const file = await readSkillFile(path, LONGEST_CONTENT);
      if (file.kind === 'text') texts.push(skillText(name, path, contentOf(file, path)));
      else {
        const reason = file.kind === 'absent' ? 'it is gone' : file.reason;
        warnings.push(`The skill ${name} at ${path} is left out: ${reason}.`);
      }
    }
    const left = named.skills.slice(MOST_ADDED).map(({ name }) => name);
    if (left.length > 0) {
      warnings.push(`One input can name ${MOST_ADDED} skills; these are left out: ${left.join(', ')}.`);
    }
    return { texts, warnings: warnings.slice(0, MOST_WARNINGS) };
  }

  async #look(cwd: string): Promise<Pick<SkillsListEntry, 'errors' | 'skills'>> {
    const { settings, sources } = this.#options;
    const [entry] = await listSkills([cwd], sources, settings.rules);
    return entry ?? { skills: [], errors: [] };
  }
}

function contentOf({ isCut, text }: { isCut: boolean; text: string }, path: string): string {
  const content = text.replace(/^\uFEFF/u, '').trimEnd();
  return isCut ? `${content}\n[${path} goes on here, beyond the limit for skills]` : content;
}

function skillText(name: string, path: string, content: string): string {
  return `<skill>\n<name>${name}</name>\n<path>${path}</path>\n${content}\n</skill>`;
}
