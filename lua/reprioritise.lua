#!lua flags=allow-oom
--[[
reprioritise: give documents another priority, another deadline, or both. What waits in a lane moves to where documents of that
priority that come now would be, and what is held comes back by its new place; what runs is not touched. Items that wait to run alone keep their place.

KEYS
  place            zset: the lane clock of the shard, by priority
ARGV
  priority         9 (urgent) to 0; empty leaves it as it is
  deadline         ms of the epoch: when they must have ended; 0 takes it away; empty leaves it as it is
  documents...     id; about twenty a call
ANSWERS
  word...          for each: moved; same (it has all that already); unknown; or its final state
MAY BE SENT AGAIN  yes
]]

local priority, deadline = ARGV[1], ARGV[2]

-- What is held comes back in the order of its places.
local function move_held(doc, step)
  for _, reason in ipairs(reasons_of(doc, step)) do
    redis.call('ZADD', held_key(reason), 'XX', score(doc), doc.id .. '/' .. step)
  end
end

-- A fan-out's one entry is placed anew by what it hands out next.
local function move(doc, step)
  local own, lane = record(doc, step), lane_of(doc, step)
  if own.state == 'held' then return move_held(doc, step) end
  if own.state ~= 'ready' then return end
  if about(doc.plan, step).over then return place_entry(doc, step, lane) end
  leave(doc, step, lane)
  offer(doc, step, lane, nil, own)
end

local function reprioritise(doc)
  note(doc.id, doc.id, 'priority', doc.priority .. ' to ' .. priority)
  doc.priority, doc.place = priority, next_place(tenant_of(doc), priority, doc.pipeline)
  set(doc, 'priority', priority)
  set(doc, 'place', doc.place)
  for step in string.gmatch(doc.plan.steps, '%S+') do move(doc, step) end
end

local function limit(doc)
  note(doc.id, doc.id, 'deadline', deadline == '0' and 'none' or deadline)
  if deadline == '0' then
    redis.call('HDEL', doc.key, 'deadline')
    redis.call('ZREM', key('deadlines'), doc.id)
  else
    set(doc, 'deadline', deadline)
    redis.call('ZADD', key('deadlines'), deadline, doc.id)
  end
end

local function change(id)
  local doc = open(id)
  if not doc then return 'unknown' end
  if FINAL_DOCUMENT[doc.status] then return doc.status end
  local ranks = priority ~= '' and priority ~= doc.priority
  local limits = deadline ~= '' and deadline ~= (redis.call('HGET', doc.key, 'deadline') or '0')
  if ranks then reprioritise(doc) end
  if limits then limit(doc) end
  return (ranks or limits) and 'moved' or 'same'
end

local words = {}
for at = 3, #ARGV do words[at - 2] = change(ARGV[at]) end
flush()
return words
