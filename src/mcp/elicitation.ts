/** Something that a server wants to know from the user: values for a form, or a visit to a page. */
export type ElicitationRequest =
  | {
      readonly mode: 'form';
      readonly message: string;
      /** A JSON Schema of an object with plain values. */
      readonly requestedSchema: Readonly<Record<string, unknown>>;
      readonly meta: Readonly<Record<string, unknown>> | null;
    }
  | {
      readonly mode: 'url';
      readonly message: string;
      readonly url: string;
      readonly elicitationId: string;
      readonly meta: Readonly<Record<string, unknown>> | null;
    };

/** What the user says to it. */
export interface ElicitationAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** The values, where a form was accepted. */
  readonly content: unknown;
  readonly meta: unknown;
}
