/**
 * The patch format as a Lark grammar, for models whose tools take free text: whatever it lets through, `parsePatch` reads. Where
 * the reader is lenient, the grammar has the one form that models are to write. Each line is a terminal of its own, told
 * apart by how it begins, so that no text can be read in two ways.
 */
export const PATCH_GRAMMAR = String.raw`start: BEGIN file+ END

file: ADD ADDED*
    | DELETE
    | UPDATE MOVE
    | UPDATE MOVE? chunk+

chunk: PLACE+ LINE+ END_OF_FILE?

BEGIN: "*** Begin Patch\n"
END: "*** End Patch" "\n"?
ADD: "*** Add File: " PATH "\n"
DELETE: "*** Delete File: " PATH "\n"
UPDATE: "*** Update File: " PATH "\n"
MOVE: "*** Move to: " PATH "\n"
END_OF_FILE: "*** End of File\n"
ADDED: "+" TEXT? "\n"
LINE: /[ +-]/ TEXT? "\n"
PLACE: "@@" (" " TEXT)? "\n"
PATH: /(?:[^\s\x00][^\n\x00]*)?[^\s\/\x00]/
TEXT: /[^\n]+/
`;
