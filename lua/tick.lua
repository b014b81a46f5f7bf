#!lua
--[[
tick: a schedule's next tick has come: submit its document, and set the tick after it. Of all callers that saw the same
tick, one makes it; to the others it answers the same.

KEYS
  schedules        zset: every schedule; score = its next tick
ARGV
  name             of the schedule
  revision         of the definition that the caller read
  due              the next tick that the caller saw, ms
  at               the tick that this is about, ms: `due`, or a later one where those before it stay missed; 0 runs the schedule now, besides its ticks
  next             the tick after it, ms, or inf
  act              run; missed: submit nothing, it was too long ago; failed: submit nothing, since it cannot be
  why              failed: for people
  pipeline         run: id, name@hash
  deadline         run: ms until the document must have ended, or 0
  document         run: its id
  input            run: JSON
  unwanted         run: steps that its parameters leave out, space separated, or empty
ANSWERS
  queued id            the document was submitted, by this caller or another
  skipped id           that one of an earlier tick has not ended, and the schedule does not overlap
  missed, failed       nothing was submitted; the schedule goes on
  moved                others moved it on, it was changed, or it is paused; nothing changed
  early                that tick has not come
  unknown              there is no such schedule
  unknown-pipeline     nothing was written: submit the plan first
  full lane            so many jobs wait in that lane as it may have; nothing was written, the tick is still due
MAY BE SENT AGAIN  yes: a tick that is over answers what became of it; with at 0, the document's id tells
]]

local LONGEST_LOG = 50 -- lines
local name, due, at, act, document = ARGV[1], ARGV[3], ARGV[4], ARGV[6], ARGV[10]
local own, now = schedule_key(name), at == '0'
local kept = redis.call('HMGET', own, 'revision', 'last', 'outcome', 'document', 'priority', 'tenant', 'lanes', 'overlap')
local tenant = kept[6]

local function say(what, id, why)
  redis.call('RPUSH', schedule_key(name, 'log'), (now and NOW_TEXT or at) .. ' ' .. (now and 'now ' or '') .. what ..
    (id and ' ' .. id or '') .. (why and ': ' .. why or ''))
  redis.call('LTRIM', schedule_key(name, 'log'), -LONGEST_LOG, -1)
end

local function submit()
  local unique = kept[8] == 'skip' and 'schedule:' .. name .. ' 0' or ''
  local refused, by = refuse_double(tenant, '', unique)
  if refused then return 'skipped', by end
  local deadline = tonumber(ARGV[9])
  accept({ id = document, pipeline = ARGV[8], priority = kept[5], place = next_place(tenant, kept[5], ARGV[8]), tenant = tenant,
    lanes = kept[7] or '', deadline = deadline > 0 and deadline or nil, unwanted = ARGV[12] ~= '' and ARGV[12] or nil },
    ARGV[11], 0)
  set(docs[document], 'schedule', name)
  keep_names(tenant, '', unique, document)
  redis.call('HSET', own, 'document', document)
  return 'queued', document
end

local function over() -- what became of that tick, where it is over
  if kept[2] ~= at then return { 'moved' } end
  return { kept[3], kept[3] == 'queued' and kept[4] or kept[3] == 'skipped' and kept[4] or nil }
end

if not kept[1] then return { 'unknown' } end
if now then
  if redis.call('EXISTS', doc_key(document)) == 1 then return { 'queued', document } end
else
  local score = redis.call('ZSCORE', KEYS[1], name)
  if not score or tonumber(score) ~= tonumber(due) then return over() end
  if kept[1] ~= ARGV[2] then return { 'moved' } end
  if tonumber(at) > NOW then return { 'early' } end
end
if act == 'run' and redis.call('EXISTS', plan_key(ARGV[8])) == 0 then return { 'unknown-pipeline' } end

local full = act == 'run' and full_lane(ARGV[8], kept[7] or '')
if full then return { 'full', full } end

local outcome, id = act, nil
if act == 'run' then outcome, id = submit() end
redis.call('HINCRBY', own, outcome == 'queued' and 'ran' or outcome, 1)
count('ticked:' .. outcome)
if outcome == 'failed' then redis.call('HSET', own, 'error', ARGV[7]) else redis.call('HDEL', own, 'error') end
if at ~= due and not now then say('missed', nil, 'those from ' .. due .. ' on') end
say(outcome, id, outcome == 'failed' and ARGV[7] or nil)
if not now then
  redis.call('HSET', own, 'last', at, 'outcome', outcome)
  redis.call('ZADD', KEYS[1], ARGV[5], name)
end
flush()
return { outcome, id }
