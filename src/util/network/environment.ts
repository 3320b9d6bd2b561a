/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable together with the value that it was found with. */
export interface SetVariable<Name extends string = string> {
  readonly variable: Name;
  readonly value: string;
}

/** The first of the variables that has a value; an empty value counts as none. */
export function firstSet<Name extends string>(
  environment: Environment,
  names: readonly Name[],
): SetVariable<Name> | null {
  for (const variable of names) {
    const value = environment[variable];
    if (value !== undefined && value !== '') return { variable, value };
  }
  return null;
}
