// The checks of scripts/supply-chain.sh that neither cargo-deny nor npm makes:
//
//   node scripts/supply-chain.mjs rules                 every exception has a date, and npm's lock file has hashes
//   node scripts/supply-chain.mjs packages < REPORT     reads the report of `npm audit --json`
//
// Exit status 0: no problem; 1: a problem, or input that cannot be read; 75: the registry gave no report.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** npm advisories that are accepted, such as { id: 'GHSA-…', reason: 'why; until 2027-05-20' }. */
const ACCEPTED = []

const UNREACHABLE = 75
const MAX_DAYS = 366

/** The problem with the end of an exception's reason on the day `today`, or `undefined`. */
export function dateProblem(reason, today) {
  const date = /\S; until (\d{4}-\d{2}-\d{2})$/.exec(reason)?.[1]
  const day = new Date(`${date}T00:00:00Z`)
  if (!date || Number.isNaN(day.valueOf()) || day.toISOString().slice(0, 10) !== date) {
    return 'its reason must end with its last day, as in "; until 2027-05-20"'
  }
  if (date < today) return `it ended on ${date}: fix what it accepts, or review its reason`
  if ((day - new Date(`${today}T00:00:00Z`)) / 86_400_000 > MAX_DAYS) return 'it must end within a year'
}

/** Lists in deny.toml that hold exceptions, and lists that hold rules. Any other list must be empty. */
const EXCEPTIONS = ['advisories.ignore', 'bans.skip', 'bans.skip-tree']
const RULES = ['graph.targets', 'licenses.allow', 'bans.deny', 'sources.allow-registry']
/** Other files that cargo-deny reads exceptions from. */
const OTHER_FILES = ['deny.exceptions.toml', '.deny.exceptions.toml', '.cargo/deny.exceptions.toml']
const SECTIONS = ['graph', 'advisories', 'licenses', 'licenses.private', 'bans', 'sources']

/**
 * The problems in a deny.toml. It reads only simple TOML with one entry on each line. It reports anything else,
 * because it cannot check what it cannot read.
 */
export function denyProblems(text, today) {
  const problems = []
  let section = ''
  let list
  const entry = (name, written, at) => {
    if (RULES.includes(name)) return
    if (!EXCEPTIONS.includes(name)) return problems.push(`${at}: ${name} must be empty, because its entries have no reason and no date`)
    const reason = /^\{.*\breason = "([^"]*)" \}$/.exec(written)?.[1]
    const problem = reason === undefined ? 'an exception is { … = "…", reason = "…" }' : dateProblem(reason, today)
    if (problem) problems.push(`${at}: ${name}: ${problem}: ${written}`)
  }
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    const at = `deny.toml, line ${index + 1}`
    if (line === '' || line.startsWith('#')) continue
    if (list) {
      const written = /^((?:"[^"]*"|\{[^{}]*\})),?$/.exec(line)?.[1]
      if (line === ']') list = undefined
      else if (written) entry(list, written, at)
      else problems.push(`${at}: a list must have one entry on each line: ${line}`)
      continue
    }
    const header = /^\[([a-z.]+)\]$/.exec(line)?.[1]
    const [, key, value] = /^([a-z-]+) = (.+)$/.exec(line) ?? []
    const items = /^\[(.*)\]$/.exec(value)?.[1]
    if (SECTIONS.includes(header)) section = header
    else if (value === '[') list = `${section}.${key}`
    else if (items) entry(`${section}.${key}`, items, at)
    else if (items !== '' && !/^("[^"]*"|true|false)$/.test(value)) {
      problems.push(`${at}: this check cannot read this form: ${line}`)
    }
  }
  if (list) problems.push(`deny.toml: ${list} does not end`)
  return problems
}

/** The problems in a package-lock.json: packages from another source, or without the hash of the locked file. */
export function lockProblems(text) {
  const packages = Object.entries(JSON.parse(text).packages ?? {}).filter(([path]) => path !== '')
  if (packages.length === 0) return ['package-lock.json lists no package']
  return packages.flatMap(([path, { integrity, resolved, link }]) => {
    if (link || (resolved && !resolved.startsWith('https://registry.npmjs.org/'))) {
      return [`${path} does not come from npm's registry`]
    }
    return /^sha512-/.test(integrity) ? [] : [`${path} has no SHA-512 in package-lock.json`]
  })
}

const verdict = (problems, good) => ({ status: problems.length > 0 ? 1 : 0, lines: problems.length > 0 ? problems : [good] })

/** The exit status and the lines for a report of `npm audit --json`. */
export function judge(text, accepted, today) {
  let report
  try {
    report = JSON.parse(text) ?? {}
  } catch {
    return { status: 1, lines: ['npm audit gave no report'] }
  }
  if (report.auditReportVersion !== 2) {
    // A code means a problem on this side, such as a missing lock file. So does a malformed request.
    const ours = report.error?.code || report.statusCode === 400 || typeof report.message !== 'string'
    return { status: ours ? 1 : UNREACHABLE, lines: [report.message ?? report.error?.summary ?? 'not a report of npm audit'] }
  }
  const checked = report.metadata?.dependencies?.total
  if (!(checked > 0)) return { status: 1, lines: ['npm audit checked no package'] }
  const lines = accepted.flatMap(({ id, reason }) => {
    const problem = dateProblem(reason, today)
    return problem ? [`${id}: ${problem}`] : []
  })
  const found = new Map()
  for (const { via } of Object.values(report.vulnerabilities)) {
    for (const advisory of via) {
      if (typeof advisory === 'object') found.set(advisory.url.split('/').at(-1), advisory)
    }
  }
  for (const [id, { name, range, severity, title }] of found) {
    if (!accepted.some((one) => one.id === id)) lines.push(`${id}: ${name} ${range}: ${severity}: ${title}`)
  }
  for (const { id } of accepted) if (!found.has(id)) lines.push(`${id}: accepted, but no longer found`)
  // Guards against a change in the form of the report.
  if (found.size === 0 && Object.keys(report.vulnerabilities).length > 0) lines.push('vulnerabilities without an advisory')
  return verdict(lines, `no advisory for ${checked} packages`)
}

function main(part) {
  const today = new Date().toISOString().slice(0, 10)
  let result
  if (part === 'rules') {
    const problems = [
      ...OTHER_FILES.filter((path) => existsSync(path)).map((path) => `${path}: exceptions belong in deny.toml only`),
      ...denyProblems(readFileSync('deny.toml', 'utf8'), today),
      ...lockProblems(readFileSync('end2end/package-lock.json', 'utf8')),
      ...lockProblems(readFileSync('end2end/lighthouse/package-lock.json', 'utf8')),
    ]
    result = verdict(problems, 'every exception has a date that has not passed, and every npm package has a hash')
  } else if (part === 'packages') {
    result = judge(readFileSync(0, 'utf8'), ACCEPTED, today)
  } else {
    result = { status: 2, lines: ['usage: node scripts/supply-chain.mjs rules|packages'] }
  }
  for (const line of result.lines) (result.status === 0 ? console.log : console.error)(line)
  process.exitCode = result.status
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2])
