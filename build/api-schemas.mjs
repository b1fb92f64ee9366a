/**
 * Writes src/server/openapi/schemas.ts: the types of src/server/api-types/ as JSON Schema, their comments as descriptions.
 *
 * The types are the one source; a test holds the file against them. With `--print` it goes to stdout instead.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const folder = 'src/server/api-types';
const out = 'src/server/openapi/schemas.ts';

const files = readdirSync(folder).map((file) => join(folder, file));
const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
const program = ts.createProgram(files, { ...options, noEmit: true });
const checker = program.getTypeChecker();

const schemas = new Map();

for (const file of files) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  for (const symbol of checker.getExportsOfModule(module)) named(symbol, checker.getDeclaredTypeOfSymbol(symbol));
}

/** A reference to a type that has a name; its schema is written once. */
function named(symbol, type) {
  const { name } = symbol;
  if (!schemas.has(name)) {
    schemas.set(name, undefined);
    schemas.set(name, { ...describe(symbol), ...structure(type) });
  }
  return { $ref: `#/components/schemas/${name}` };
}

function schemaOf(type) {
  const symbol = type.aliasSymbol ?? type.symbol;
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
  const isOurs = resolve(file).startsWith(resolve('src')) && !symbol.name.startsWith('__');
  return isOurs ? named(symbol, type) : structure(type);
}

function structure(type) {
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
  if (type.flags & ts.TypeFlags.String) return { type: 'string' };
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
  if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  if (type.isUnion()) return unionOf(type.types);
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(checker.getTypeArguments(type)[0]) };
  if (type.flags & ts.TypeFlags.Object || type.isIntersection()) return objectOf(type);
  throw new Error(`no schema is known for ${checker.typeToString(type)}`);
}

function objectOf(type) {
  const index = checker.getIndexInfosOfType(type)[0];
  if (index) return { type: 'object', additionalProperties: schemaOf(index.type) };
  const members = checker.getPropertiesOfType(type);
  const isOptional = (member) => (member.flags & ts.SymbolFlags.Optional) !== 0;
  const properties = members.map((member) => {
    const memberType = checker.getTypeOfSymbol(member);
    return [member.name, { ...describe(member), ...schemaOf(isOptional(member) ? defined(memberType) : memberType) }];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: members.filter((member) => !isOptional(member)).map(({ name }) => name),
  };
}

/** Words become one enum, with null among them where it may be; everything else is a choice of schemas. */
function unionOf(types) {
  const words = types.filter((type) => type.isStringLiteral() || type.isNumberLiteral());
  const booleans = types.filter((type) => type.flags & ts.TypeFlags.BooleanLiteral);
  const isNullable = types.some((type) => type.flags & ts.TypeFlags.Null);
  const others = types.filter(
    (type) => !words.includes(type) && !booleans.includes(type) && !(type.flags & ts.TypeFlags.Null),
  );
  const choices = [
    ...(words.length > 0 ? [{ enum: words.map(({ value }) => value).sort() }] : []),
    ...(booleans.length > 0 ? [{ type: 'boolean' }] : []),
    ...others.map(schemaOf).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  ];
  if (choices.length > 1 || (isNullable && choices[0].$ref)) {
    return { anyOf: isNullable ? [...choices, { type: 'null' }] : choices };
  }
  const [only] = choices;
  if (!isNullable) return only;
  return only.enum ? { enum: [...only.enum, null] } : { ...only, type: [only.type, 'null'] };
}

function defined(type) {
  return checker.getNonNullableType(type);
}

/** The comment of a declaration on one line, as a person reads it. */
function describe(symbol) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
  return text ? { description: text } : {};
}

const sorted = Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
const source = `/** The types of \`api-types/\` as JSON Schema. Written by \`npm run api-schemas\`, never by hand. */
export const schemas = ${JSON.stringify(sorted)} as const;
`;
const text = await format(source, { ...(await resolveConfig(out)), filepath: out });
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(out, text);
