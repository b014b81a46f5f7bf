#!lua flags=allow-oom
--[[
renew: once a second from the supervisor: announces its slots (no other call makes a slot's record), and keeps the
leases of what they hold, as far as the documents still agree.

KEYS
  worker           hash: the worker's record
ARGV
  id               of the worker, new at each start
  lease            ms
  lanes            space separated: how much waits in them is answered
  facts            number of pairs that follow: what is known of the worker (host, pid, lanes, serves...)
  pairs...         field, value
  slots...         slot's name "<worker>/<n>", incarnation: a pair for each
ANSWERS
  drain slots depths   drain: 1 where the worker is asked to end. slots: for each {name, word, jobs}
                   word: ok; other (a record of another incarnation that still holds jobs: call crash for it first);
                   retired (crash was called for this one: its process is to be killed)
                   jobs: for each {job, token, age (ms), hard (limit, ms), word}: held, or lost (the document has another
                   token), ended (its document has ended), gone (it was purged).
                   depths: for each of the lanes {lane, ready, alone}: entries ready, and jobs that must run alone
MAY BE SENT AGAIN  yes
]]

local RECORD_TTL = 3600000 -- ms that the record of a silent slot is kept

local id, lease, facts = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4])
local first_slot = 5 + 2 * facts

local function announce(record, name, incarnation)
  local v = redis.call('HMGET', record, 'incarnation', 'jobs', 'was')
  if v[3] == incarnation then return 'retired' end
  if v[1] ~= incarnation then
    if v[1] and #parse_jobs(v[2]) > 0 then return 'other' end
    redis.call('DEL', record)
    redis.call('HSET', record, 'incarnation', incarnation, 'call', 0, 'since', NOW, 'jobs', '', 'verdicts', '')
  end
  redis.call('HSET', record, 'renewed', NOW, 'lease', lease)
  redis.call('PEXPIRE', record, RECORD_TTL)
  return 'ok'
end

local function keep(held)
  local doc, own = judge(held.job, held.token, true)
  if not doc then return { held.job, held.token, 0, 0, own == 'stale' and 'lost' or own } end
  redis.call('ZADD', key('leases'), 'XX', NOW + lease, held.job)
  return { held.job, held.token, NOW - own.started, tonumber(about(doc.plan, own.step).hard), 'held' }
end

-- A fact that is empty is gone.
for at = 5, first_slot - 1, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[at]) else redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
redis.call('HSET', KEYS[1], 'renewed', NOW)
redis.call('PEXPIRE', KEYS[1], RECORD_TTL)
redis.call('ZADD', key('workers'), NOW, id)

local answers = {}
for at = first_slot, #ARGV, 2 do
  local record = slot_key(ARGV[at])
  local word, jobs = announce(record, ARGV[at], ARGV[at + 1]), {}
  if word == 'ok' then
    for i, held in ipairs(parse_jobs(redis.call('HGET', record, 'jobs'))) do jobs[i] = keep(held) end
  end
  answers[#answers + 1] = { ARGV[at], word, jobs }
end
local depths = {}
for lane in string.gmatch(ARGV[3], '%S+') do
  local ready = redis.call('ZCARD', ready_key(lane))
  for class in string.gmatch(redis.call('HGET', lane_key(lane), 'classes') or '', '%S+') do
    ready = ready + (class ~= 'alone' and redis.call('ZCARD', ready_key(home_of(lane, class))) or 0)
  end
  depths[#depths + 1] = { lane, ready, redis.call('ZCARD', ready_key(home_of(lane, 'alone'))) }
end
return { redis.call('HEXISTS', KEYS[1], 'drain'), answers, depths }
