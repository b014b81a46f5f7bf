#!lua flags=allow-oom
--[[
sweep: what time alone brings about: due jobs enter their lanes, leases that nobody renewed end, limits in the lane and
deadlines pass, lost hints come back, workers that went silent are forgotten. Bounded, and the same from any number of callers.

KEYS
  leases           zset
ARGV
  most             how many of each at most; of leases and limits no more than ten
ANSWERS
  promoted requeued passed again    how many jobs entered their lanes, leases ended, and limits passed; again: 1 where more
                   is due than one call does
MAY BE SENT AGAIN  yes
]]

local MOST_LOSSES = 10 -- leases lost by one job: then something is wrong with it
local SILENT = 3600000 -- ms

local MOST_CANCELLED = 3 -- documents of a batch, in one call
local MOST_DEAR = 10 -- leases, and limits, in one call: each costs up to 0.1 ms
local most = tonumber(ARGV[1])
local few = math.min(most, MOST_DEAR)

local function promote(member)
  redis.call('ZREM', key('delayed'), member)
  come_back(member, 'delayed')
end

local function lose(job)
  local id, step, i = locate(job)
  local doc = open(id, step)
  unlease(doc, step, job)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  local own = record(doc, step)
  if i then own = read_item(doc, step, i) end
  if not own or own.state ~= 'leased' then return end
  own.job, own.step, own.item = job, step, i
  note(id, job, 'lost', own.slot .. ' did not renew its lease')
  count('expired:' .. lane_of(doc, step))
  if tally(doc, own, 'losses') > MOST_LOSSES then
    return settle_failed(doc, own, own.attempts, 'LeaseLost ' .. MOST_LOSSES .. ' times', 'lost')
  end
  count(about(doc.plan, step).ended .. ':lost')
  settle_again(doc, own, own.attempts, 0)
end

-- A job's limits that no slot can keep: how long it may wait in its lane, and how long all its runs may take together.
local function exceed(doc, job, what)
  local id, step, i = locate(job)
  local own = record(doc, step)
  if i then own = read_item(doc, step, i) end -- an item that is done has none
  local known = about(doc.plan, step)
  if not own or FINAL_JOB[own.state] then return end
  if what == 'wait' then
    if own.state ~= 'ready' or (i and not own.apart) then return end -- an item waits by itself only where it is to run alone
    if known.over and not i and (is_held(doc, step, job) or not next_item(doc, step)) then return end
    local left = own.ready and own.ready + known.wait_limit - NOW or 0
    if left > 0 then return redis.call('ZADD', key('deadlines'), NOW + left, job .. ' wait') end
  end
  own.job, own.step, own.item = job, step, i
  local limit = what == 'wait' and known.wait_limit or known.total_limit
  note(id, job, 'limit', string.format(what == 'wait' and 'it waited for more than %g s' or 'its runs took more than %g s', limit / 1000))
  settle_failed(doc, own, own.attempts, what == 'wait' and 'WaitLimit' or 'TotalLimit', 'limit')
end

local function pass(member)
  local job, what = string.match(member, '^(%S+) (%a+)$')
  local id = string.match(member, '^[^/ ]+')
  redis.call('ZREM', key('deadlines'), member)
  if what == 'batch' then return batching.close(job) end
  local doc = open(id)
  if not doc or FINAL_DOCUMENT[doc.status] then return end
  if job then return exceed(doc, job, what) end
  note(id, id, 'deadline', 'it had not ended when its deadline came')
  finish(doc, 'failed', 'Deadline')
end

local due = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', NOW, 'LIMIT', 0, most)
for _, member in ipairs(due) do promote(member) end
local expired = redis.call('ZRANGEBYSCORE', key('leases'), '-inf', NOW, 'LIMIT', 0, few)
for _, job in ipairs(expired) do lose(job) end
local passed = redis.call('ZRANGEBYSCORE', key('deadlines'), '-inf', NOW, 'LIMIT', 0, few)
for _, member in ipairs(passed) do pass(member) end

-- Classes that nothing waits in any more are forgotten; where something waits, there is a hint.
local function look_at(lane)
  local waiting = redis.call('ZCARD', ready_key(lane)) > 0
  for class in string.gmatch(redis.call('HGET', lane_key(lane), 'classes') or '', '%S+') do
    if redis.call('ZCARD', ready_key(home_of(lane, class))) > 0 then waiting = true else list_class(lane, class, false) end
  end
  if waiting then hint(lane) end
end

release_forgotten(few)
local cancels = cancelling.go_on(MOST_CANCELLED)
for _, lane in ipairs(redis.call('SMEMBERS', key('lanes'))) do look_at(lane) end
redis.call('ZREMRANGEBYSCORE', key('workers'), '-inf', NOW - SILENT)
flush()
local again = (#due == most or #expired == few or #passed == few or cancels) and 1 or 0
return { #due, #expired, #passed, again }
