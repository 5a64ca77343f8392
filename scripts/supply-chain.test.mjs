import assert from 'node:assert/strict'
import { test } from 'node:test'

import { dateProblem, denyProblems, judge, lockProblems } from './supply-chain.mjs'

const TODAY = '2027-01-31'

test('a reason ends with a day that exists, has not passed and is within a year', () => {
  for (const good of ['why; until 2027-01-31', 'why; until 2027-05-20', 'why; until 2028-01-31']) {
    assert.equal(dateProblem(good, TODAY), undefined, good)
  }
  for (const bad of [
    '',
    'why',
    'why until 2027-05-20',
    '; until 2027-05-20',
    'why; until 2027-05-20.',
    'why; until 2027-5-20',
    'why; until 2027-02-30',
    'why; until 2027-13-01',
    'why; until 2027-01-30',
    'why; until 2028-06-01',
    'why; until 9999-12-31',
  ]) {
    assert.ok(dateProblem(bad, TODAY), bad)
  }
})

const dated = '{ crate = "a@1", reason = "why; until 2027-05-20" }'

test('rules need no date and exceptions do', () => {
  const rules = '# comment\n[licenses]\nallow = [\n    "MIT",\n]\n[bans]\nwildcards = "deny"\n'
  const good = `${rules}skip = [\n    # why\n    ${dated},\n]\nskip-tree = []\n`
  assert.deepEqual(denyProblems(good, TODAY), [])
  assert.equal(denyProblems(good, '2027-05-21').length, 1)
})

test('an exception without a date is a problem, in any form', () => {
  for (const bad of [
    '[advisories]\nignore = ["RUSTSEC-2024-0436"]',
    '[advisories]\nignore = [\n"RUSTSEC-2024-0436",\n]',
    '[advisories]\nignore = [\n{ id = "RUSTSEC-2024-0436" },\n]',
    '[advisories]\nignore = [\n{ id = "RUSTSEC-2024-0436", reason = "why" },\n]',
    '[advisories]\nignore = [\n{ id = "a", reason = "why; until 2027-01-30" },\n]',
    `[bans]\nskip = [\n${dated}, { crate = "b@1" },\n]`,
    `[bans]\nskip = [\n${dated},`,
    '[bans]\nskip = [ # none\n{ crate = "b@1" },\n]',
    '[bans]\nskip = [{ crate = "b@1" }]',
    '[bans]\n"skip" = ["b@1"]',
    '[[bans.skip]]\ncrate = "b@1"',
    'bans.skip = ["b@1"]',
    'bans = { skip = ["b@1"] }',
    '[bans]\nallow = ["b"]',
    '[licenses]\nexceptions = [\n{ allow = ["MPL-2.0"], crate = "b" },\n]',
    '[[licenses.clarify]]\ncrate = "b"',
    '[sources]\nallow-git = ["https://github.com/a/b"]',
    '[sources.allow-org]\ngithub = ["a"]',
    '[graph]\nexclude = ["b"]',
  ]) {
    assert.notDeepEqual(denyProblems(bad, TODAY), [], bad)
  }
})

test('an npm package has a hash and comes from the registry', () => {
  const lock = (entry) => JSON.stringify({ packages: { '': { name: 'end2end' }, 'node_modules/a': entry } })
  assert.deepEqual(lockProblems(lock({ integrity: 'sha512-x' })), [])
  assert.deepEqual(lockProblems(lock({ integrity: 'sha512-x', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' })), [])
  for (const bad of [
    {},
    { integrity: 'sha1-x' },
    { integrity: 'sha512-x', resolved: 'https://registry.npmjs.org.evil.example/a.tgz' },
    { integrity: 'sha512-x', resolved: 'git+ssh://git@github.com/a/a.git' },
    { integrity: 'sha512-x', link: true },
  ]) {
    assert.equal(lockProblems(lock(bad)).length, 1, JSON.stringify(bad))
  }
  assert.equal(lockProblems('{}').length, 1)
})

const report = (vulnerabilities, metadata = { dependencies: { total: 29 } }) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata })
const advisory = { name: 'a', title: 'bad', url: 'https://github.com/advisories/GHSA-1', severity: 'low', range: '<2' }
const hit = report({ a: { via: [advisory] }, b: { via: ['a'] } })
const accepts = (reason) => [{ id: 'GHSA-1', reason }]

test('an advisory of any severity fails unless it is accepted, and so does an accepted one that is gone', () => {
  assert.equal(judge(report({}), [], TODAY).status, 0)
  assert.equal(judge(hit, [], TODAY).status, 1)
  assert.equal(judge(hit, accepts('why; until 2027-05-20'), TODAY).status, 0)
  assert.equal(judge(hit, accepts('why; until 2027-01-30'), TODAY).status, 1)
  assert.equal(judge(hit, accepts('why'), TODAY).status, 1)
  assert.equal(judge(report({}), accepts('why; until 2027-05-20'), TODAY).status, 1)
  assert.equal(judge(report({ a: { via: [] } }), [], TODAY).status, 1)
})

test('only a registry that gives no report is unreachable', () => {
  const refused = { message: '405 Method Not Allowed - POST …', statusCode: 405, error: { summary: '', detail: '' } }
  const silent = { message: 'request to … failed, reason: getaddrinfo ENOTFOUND', error: { summary: '', detail: '' } }
  for (const away of [refused, silent]) assert.equal(judge(JSON.stringify(away), [], TODAY).status, 75)
  const withoutLock = { error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } }
  for (const broken of ['', '{}', 'null', 'no JSON', JSON.stringify(withoutLock), JSON.stringify({ ...refused, statusCode: 400 })]) {
    assert.equal(judge(broken, [], TODAY).status, 1, broken)
  }
  assert.equal(judge(report({}, {}), [], TODAY).status, 1, 'nothing was checked')
})
