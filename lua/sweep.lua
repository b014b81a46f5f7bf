#!lua flags=allow-oom
--[[
sweep: what time alone brings about: due jobs enter their lanes, leases that nobody renewed end, lost hints come back,
workers that went silent are forgotten. Bounded, and the same from any number of callers.

KEYS
  leases           zset
ARGV
  most             how many of each at most
ANSWERS
  promoted requeued    how many jobs entered their lanes, and how many leases ended
MAY BE SENT AGAIN  yes
]]

local MOST_LOSSES = 10 -- leases lost by one job: then something is wrong with it
local SILENT = 3600000 -- ms

local most = tonumber(ARGV[1])

local function promote(member)
  local id, step = locate(member)
  local doc = open(id, step)
  redis.call('ZREM', key('delayed'), member)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  local lane = lane_of(doc, step)
  if about(doc.pipeline, step).over then return place_entry(doc, step, lane) end
  if record(doc, step).state ~= 'delayed' then return end
  set_state(doc, step, 'ready')
  set(doc, fields_of(step).ready, NOW_TEXT)
  offer(doc, step, lane)
end

local function lose(job)
  local id, step, i = locate(job)
  local doc = open(id, step)
  redis.call('ZREM', key('leases'), job)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  local own = i and read_item(doc, step, i) or record(doc, step)
  if own.state ~= 'leased' then return end
  own.job, own.step, own.item = job, step, i
  drop_from(own.slot, job, own.token)
  note(id, job, 'lost', own.slot .. ' did not renew its lease')
  count(about(doc.pipeline, step).ended .. ':lost')
  if tally(job, 'losses') > MOST_LOSSES then
    return settle_failed(doc, own, own.attempts, 'LeaseLost ' .. MOST_LOSSES .. ' times')
  end
  settle_again(doc, own, own.attempts, 0)
end

local due = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', NOW, 'LIMIT', 0, most)
for _, member in ipairs(due) do promote(member) end
local expired = redis.call('ZRANGEBYSCORE', key('leases'), '-inf', NOW, 'LIMIT', 0, most)
for _, job in ipairs(expired) do lose(job) end
for _, lane in ipairs(redis.call('SMEMBERS', key('lanes'))) do
  if redis.call('ZCARD', ready_key(lane)) > 0 then hint(lane) end
end
redis.call('ZREMRANGEBYSCORE', key('workers'), '-inf', NOW - SILENT)
flush()
return { #due, #expired }
