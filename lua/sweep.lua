#!lua flags=allow-oom
--[[
sweep: what time alone brings about: due jobs enter their lanes, leases that nobody renewed end, limits in the lane and
deadlines pass, lost hints come back, workers that went silent are forgotten. Bounded, and the same from any number of callers.

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

local function promote_item(doc, member, step, i)
  local own = read_item(doc, step, i)
  if not own or own.state ~= 'delayed' then return end
  own.state = 'ready'
  write_item(doc, step, i, own)
  offer(doc, step, lane_of(doc, step), i, own)
end

local function promote(member)
  local id, step, i = locate(member)
  local doc = open(id, step)
  redis.call('ZREM', key('delayed'), member)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  if i then return promote_item(doc, member, step, i) end
  local lane, own = lane_of(doc, step), record(doc, step)
  if about(doc.pipeline, step).over then return place_entry(doc, step, lane) end
  if own.state ~= 'delayed' then return end
  set_state(doc, step, 'ready')
  set(doc, fields_of(step).ready, NOW_TEXT)
  offer(doc, step, lane, nil, own)
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
  if tally(doc, own, 'losses') > MOST_LOSSES then
    return settle_failed(doc, own, own.attempts, 'LeaseLost ' .. MOST_LOSSES .. ' times')
  end
  settle_again(doc, own, own.attempts, 0)
end

-- A job's limits that no slot can keep: how long it may wait in its lane, and how long all its runs may take together.
local function exceed(doc, job, what)
  local id, step, i = locate(job)
  local own = i and read_item(doc, step, i) or record(doc, step)
  local known = about(doc.pipeline, step)
  if not own or FINAL_JOB[own.state] then return end
  if what == 'wait' then
    if own.state ~= 'ready' or (known.over and not i and not next_item(doc, step)) then return end
    local left = own.ready and own.ready + known.wait_limit - NOW or 0
    if left > 0 then return redis.call('ZADD', key('deadlines'), NOW + left, job .. ' wait') end
  end
  own.job, own.step, own.item = job, step, i
  local limit = what == 'wait' and known.wait_limit or known.total_limit
  note(id, job, 'limit', string.format(what == 'wait' and 'it waited for more than %g s' or 'its runs took more than %g s', limit / 1000))
  settle_failed(doc, own, own.attempts, what == 'wait' and 'WaitLimit' or 'TotalLimit')
end

local function pass(member)
  local job, what = string.match(member, '^(%S+) (%a+)$')
  local id = string.match(member, '^[^/ ]+')
  local doc = open(id)
  redis.call('ZREM', key('deadlines'), member)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  if job then return exceed(doc, job, what) end
  note(id, id, 'deadline', 'it had not ended when its deadline came')
  finish(doc, 'failed', 'Deadline')
end

local due = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', NOW, 'LIMIT', 0, most)
for _, member in ipairs(due) do promote(member) end
local expired = redis.call('ZRANGEBYSCORE', key('leases'), '-inf', NOW, 'LIMIT', 0, most)
for _, job in ipairs(expired) do lose(job) end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', key('deadlines'), '-inf', NOW, 'LIMIT', 0, most)) do pass(member) end
for _, lane in ipairs(redis.call('SMEMBERS', key('lanes'))) do
  if redis.call('ZCARD', ready_key(lane)) > 0 or redis.call('HEXISTS', lane_key(lane), 'classes') == 1 then hint(lane) end
end
redis.call('ZREMRANGEBYSCORE', key('workers'), '-inf', NOW - SILENT)
flush()
return { #due, #expired }
