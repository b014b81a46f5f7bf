#!lua
--[[
submit: accept documents, all or none; their first jobs enter their lanes. One call may carry several documents.

KEYS
  place            zset: the lane clock of the shard, by priority
ARGV
  pipeline         id, name@hash
  priority         9 (urgent) to 0
  tenant           name
  lanes            "step=lane step=lane": overrides, and "@<traceparent>" of who submits; or empty
  delay            ms until the first jobs may start, or 0
  deadline         ms until the document must have ended, or 0
  idem             "name digest": an idempotency key of the tenant, and a digest of what is submitted; or empty
  unique           "name ms": no other document of the tenant that has this name, for so long, or (0) until that one ends; or empty
  batch            that they are members of, or empty
  plan             number of plan fields that follow the documents (0 when the pipeline is known)
  documents...     id, input (JSON), unwanted (space separated: steps that its parameters leave out): three words for each
  plan...          field, value: the compiled pipeline, written where it is not known yet
ANSWERS
  unknown-pipeline     nothing was written: send the plan too
  accepted word...     for each document: queued, or repeated (that id was accepted before; nothing changed)
  same id              the idempotency key was used for this before: that document; nothing changed
  differs id           it was used for something else
  taken id             another document has the unique name
  full lane            so many jobs wait in that lane as it may have; nothing was written
  closed id            the batch takes no more documents, or there is none
MAY BE SENT AGAIN  yes: the ids are the client's
]]

local KEPT_OPEN = 86400000 -- ms that a batch is open after its last line

local pipeline, priority, tenant, lanes = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local delay, deadline, batch, plan_size = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[9], tonumber(ARGV[10])
local FIRST, LAST = 11, #ARGV - 2 * plan_size

if redis.call('EXISTS', plan_key(pipeline)) == 0 then
  if plan_size == 0 then return { 'unknown-pipeline' } end
  redis.call('HSET', plan_key(pipeline), unpack(ARGV, LAST + 1))
end

-- What was accepted before stays so, whoever has its name meanwhile, and however full its lanes are.
local known = LAST >= FIRST and redis.call('EXISTS', doc_key(ARGV[FIRST])) == 1

local words, unknown = { 'accepted' }, {}
for i = FIRST, LAST, 3 do
  local there = known and i == FIRST or unknown[ARGV[i]] or i > FIRST and redis.call('EXISTS', doc_key(ARGV[i])) == 1
  words[#words + 1] = there and 'repeated' or 'queued'
  if not there then
    unknown[#unknown + 1] = ARGV[i]
    unknown[ARGV[i]] = true
  end
end

-- Where they cannot be accepted, the answer. A batch that is closed takes nothing new, whatever of it was accepted before.
local function refusal()
  if batch ~= '' and #unknown > 0 and not batching.takes_more(batch) then return { 'closed', batch } end
  if known then return nil end
  local refused, by = refuse_double(tenant, ARGV[7], ARGV[8])
  if refused then return { refused, by } end
  local full = full_lane(pipeline, lanes)
  if full then return { 'full', full } end
end

local function take_in(id, input, unwanted)
  accept({ id = id, pipeline = pipeline, priority = priority, place = next_place(tenant, priority, pipeline), tenant = tenant, lanes = lanes,
    deadline = deadline > 0 and deadline or nil, unwanted = unwanted ~= '' and unwanted or nil }, input, delay > 0 and NOW + delay or 0)
end

-- Lines that were refused, mended since.
local function take_back(ids)
  local lines = {}
  for at, id in ipairs(ids) do lines[at] = tonumber(string.match(id, '%d+$')) end
  local mended = redis.call('HDEL', batch_key(batch, 'refused'), unpack(lines))
  if mended > 0 then redis.call('HINCRBY', batch_key(batch), 'refused', -mended) end
end

-- Before they are made: one that its parameters leave nothing of has ended by then.
local function join_batch(ids)
  take_back(ids)
  redis.call('SADD', batch_key(batch, 'open'), unpack(ids))
  redis.call('HINCRBY', batch_key(batch), 'documents', #ids)
  redis.call('ZADD', key('deadlines'), NOW + KEPT_OPEN, batch .. ' batch')
end

local refused = LAST >= FIRST and refusal()
if refused then
  local name = string.match(pipeline, '^[^@]+')
  count(refused[1] == 'same' and 'doubled:' .. name or 'refused:' .. name .. ':' .. refused[1])
  return refused
end
local doubled = (LAST - FIRST + 1) / 3 - #unknown
if doubled > 0 then count('doubled:' .. string.match(pipeline, '^[^@]+'), text_of(doubled)) end
if batch ~= '' and #unknown > 0 then join_batch(unknown) end
for i = FIRST, LAST, 3 do
  if words[(i - FIRST) / 3 + 2] == 'queued' then take_in(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end
if not known and LAST >= FIRST then keep_names(tenant, ARGV[7], ARGV[8], ARGV[FIRST]) end
flush()
return words
