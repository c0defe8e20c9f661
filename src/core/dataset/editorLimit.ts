/**
 * VS Code shows a longer document but does not hand it on to extensions: no marks, no checks while
 * typing. UTF-16 units (its `TextModel._MODEL_SYNC_LIMIT`).
 */
export const longestEditable = 50 * 2 ** 20;
