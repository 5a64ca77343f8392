// What scripts/supply-chain.sh judges by itself, and not with cargo-deny or npm:
//
//   node scripts/supply-chain.mjs rules                 every exception has its date, and npm's lock file its hashes
//   node scripts/supply-chain.mjs packages < REPORT     the report of `npm audit --json`
//
// Exit status 0: nothing was found; 1: something was, or the input cannot be read; 75: the registry gave no report.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** npm's advisories that are accepted, such as { id: 'GHSA-…', reason: 'why; until 2027-05-20' }. */
const ACCEPTED = []

const OUT_OF_REACH = 75
const LONGEST_DAYS = 366

/** What is wrong with the end of an exception's reason on the day `today`, or nothing. */
export function dateProblem(reason, today) {
  const date = /\S; until (\d{4}-\d{2}-\d{2})$/.exec(reason)?.[1]
  const day = new Date(`${date}T00:00:00Z`)
  if (!date || Number.isNaN(day.valueOf()) || day.toISOString().slice(0, 10) !== date) {
    return 'its reason must end with the day on which it ends, as in "; until 2027-05-20"'
  }
  if (date < today) return `it ended on ${date}: mend what it accepts, or look at its reason again`
  if ((day - new Date(`${today}T00:00:00Z`)) / 86_400_000 > LONGEST_DAYS) return 'it must end within a year'
}

/** Lists of deny.toml whose entries are exceptions, and lists that are rules. Any other list must be empty. */
const EXCEPTIONS = ['advisories.ignore', 'bans.skip', 'bans.skip-tree']
const RULES = ['graph.targets', 'licenses.allow', 'bans.deny', 'sources.allow-registry']
/** Files that cargo-deny would take more exceptions from. */
const SIDE_DOORS = ['deny.exceptions.toml', '.deny.exceptions.toml', '.cargo/deny.exceptions.toml']
const SECTIONS = ['graph', 'advisories', 'licenses', 'licenses.private', 'bans', 'sources']

/**
 * The problems of a deny.toml. It reads one plain form of TOML, an entry a line, and takes any other for a problem: what it
 * does not understand it cannot vouch for.
 */
export function denyProblems(text, today) {
  const problems = []
  let section = ''
  let list
  const entry = (name, written, at) => {
    if (RULES.includes(name)) return
    if (!EXCEPTIONS.includes(name)) return problems.push(`${at}: ${name} must be empty: it takes no reason and no date`)
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
      else problems.push(`${at}: a list has one entry a line: ${line}`)
      continue
    }
    const header = /^\[([a-z.]+)\]$/.exec(line)?.[1]
    const [, key, value] = /^([a-z-]+) = (.+)$/.exec(line) ?? []
    const items = /^\[(.*)\]$/.exec(value)?.[1]
    if (SECTIONS.includes(header)) section = header
    else if (value === '[') list = `${section}.${key}`
    else if (items) entry(`${section}.${key}`, items, at)
    else if (items !== '' && !/^("[^"]*"|true|false)$/.test(value)) {
      problems.push(`${at}: a form that this check does not read: ${line}`)
    }
  }
  if (list) problems.push(`deny.toml: ${list} does not end`)
  return problems
}

/** The problems of a package-lock.json: what could come from elsewhere, or be another file than the one that was locked. */
export function lockProblems(text) {
  const packages = Object.entries(JSON.parse(text).packages ?? {}).filter(([path]) => path !== '')
  if (packages.length === 0) return ['package-lock.json holds no package']
  return packages.flatMap(([path, { integrity, resolved, link }]) => {
    if (link || (resolved && !resolved.startsWith('https://registry.npmjs.org/'))) {
      return [`${path} comes from elsewhere than npm's registry`]
    }
    return /^sha512-/.test(integrity) ? [] : [`${path} has no SHA-512 in package-lock.json`]
  })
}

const verdict = (problems, good) => ({ status: problems.length > 0 ? 1 : 0, lines: problems.length > 0 ? problems : [good] })

/** What a report of `npm audit --json` comes to: exit status and lines. */
export function judge(text, accepted, today) {
  let report
  try {
    report = JSON.parse(text) ?? {}
  } catch {
    return { status: 1, lines: ['npm audit gave no report'] }
  }
  if (report.auditReportVersion !== 2) {
    // A code is a fault on this side, such as a lock file that is missing; so is a request that was badly made.
    const ours = report.error?.code || report.statusCode === 400 || typeof report.message !== 'string'
    return { status: ours ? 1 : OUT_OF_REACH, lines: [report.message ?? report.error?.summary ?? 'not a report of npm audit'] }
  }
  const looked = report.metadata?.dependencies?.total
  if (!(looked > 0)) return { status: 1, lines: ['npm audit looked at no package'] }
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
  for (const { id } of accepted) if (!found.has(id)) lines.push(`${id}: accepted, but not found any more`)
  // Should the shape of the report change, what it counts still counts.
  if (found.size === 0 && Object.keys(report.vulnerabilities).length > 0) lines.push('vulnerabilities without an advisory')
  return verdict(lines, `no advisory for ${looked} packages`)
}

function main(part) {
  const today = new Date().toISOString().slice(0, 10)
  let result
  if (part === 'rules') {
    const problems = [
      ...SIDE_DOORS.filter((path) => existsSync(path)).map((path) => `${path}: exceptions stand in deny.toml, nowhere else`),
      ...denyProblems(readFileSync('deny.toml', 'utf8'), today),
      ...lockProblems(readFileSync('end2end/package-lock.json', 'utf8')),
    ]
    result = verdict(problems, 'every exception has a date to come, and every npm package a hash')
  } else if (part === 'packages') {
    result = judge(readFileSync(0, 'utf8'), ACCEPTED, today)
  } else {
    result = { status: 2, lines: ['usage: node scripts/supply-chain.mjs rules|packages'] }
  }
  for (const line of result.lines) (result.status === 0 ? console.log : console.error)(line)
  process.exitCode = result.status
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2])
