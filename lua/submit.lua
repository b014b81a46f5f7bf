#!lua
--[[
submit: accept documents, all or none; their first jobs enter their lanes. One call may carry several documents.

KEYS
  place            zset: the lane clock of the shard, by priority
ARGV
  pipeline         id, name@hash
  priority         9 (urgent) to 0
  tenant           name
  lanes            "step=lane step=lane": overrides, or empty
  delay            ms until the first jobs may start, or 0
  deadline         ms until the document must have ended, or 0
  idem             "name digest": an idempotency key of the tenant, and a digest of what is submitted; or empty
  unique           "name ms": no other document of the tenant that has this name, for so long, or (0) until that one ends; or empty
  plan             number of plan fields that follow the documents (0 when the pipeline is known)
  documents...     id, input (JSON): a pair for each
  plan...          field, value: the compiled pipeline, written where it is not known yet
ANSWERS
  unknown-pipeline     nothing was written: send the plan too
  accepted word...     for each document: queued, or repeated (that id was accepted before; nothing changed)
  same id              the idempotency key was used for this before: that document; nothing changed
  differs id           it was used for something else
  taken id             another document has the unique name
MAY BE SENT AGAIN  yes: the ids are the client's
]]

local pipeline, priority, tenant = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local delay, deadline, plan_size = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[9])
local last = #ARGV - 2 * plan_size

if redis.call('EXISTS', plan_key(pipeline)) == 0 then
  if plan_size == 0 then return { 'unknown-pipeline' } end
  redis.call('HSET', plan_key(pipeline), unpack(ARGV, last + 1))
end

-- What was accepted before stays so, whoever has its name meanwhile.
local known = last >= 10 and redis.call('EXISTS', doc_key(ARGV[10])) == 1
if not known then
  local refused, by = refuse_double(tenant, ARGV[7], ARGV[8])
  if refused then return { refused, by } end
end

local words = { 'accepted' }
for i = 10, last, 2 do
  if docs[ARGV[i]] or redis.call('EXISTS', doc_key(ARGV[i])) == 1 then
    words[#words + 1] = 'repeated'
  else
    create({ id = ARGV[i], pipeline = pipeline, priority = priority, place = next_place(tenant, priority), tenant = tenant,
      lanes = ARGV[4], deadline = deadline > 0 and deadline or nil }, ARGV[i + 1], delay > 0 and NOW + delay or 0)
    words[#words + 1] = 'queued'
  end
end
if not known then keep_names(tenant, ARGV[7], ARGV[8], ARGV[10]) end
flush()
return words
