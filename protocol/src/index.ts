// What relay and extension agree on. The one barrel of the project: the package's public face.
export * from './commands.ts';
export * from './entities.ts';
export * from './entry-forms.ts';
export * from './errors.ts';
export * from './location.ts';
export * from './messages.ts';
export * from './proof.ts';
export * from './telephony.ts';
