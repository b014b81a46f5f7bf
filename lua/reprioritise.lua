#!lua flags=allow-oom
--[[
reprioritise: give documents another priority. What waits in a lane moves to where documents of that priority that come now
would be; what runs is not touched. Items that wait to run alone keep their place.

KEYS
  place            zset: the lane clock of the shard, by priority
ARGV
  priority         9 (urgent) to 0
  documents...     id; about twenty a call
ANSWERS
  word...          for each: moved; same (it has that priority already); unknown; or its final state
MAY BE SENT AGAIN  yes
]]

local priority = ARGV[1]

-- A fan-out's one entry is placed anew by what it hands out next.
local function move(doc, step)
  local own, lane = record(doc, step), lane_of(doc, step)
  if own.state ~= 'ready' then return end
  if about(doc.pipeline, step).over then return place_entry(doc, step, lane) end
  leave(doc, step, lane)
  offer(doc, step, lane, nil, own)
end

local function reprioritise(id)
  local doc = open(id)
  if not doc then return 'unknown' end
  if FINAL_DOCUMENT[doc.status] then return doc.status end
  if doc.priority == priority then return 'same' end
  note(id, id, 'priority', doc.priority .. ' to ' .. priority)
  doc.priority, doc.place = priority, next_place(tenant_of(doc), priority, doc.pipeline)
  set(doc, 'priority', priority)
  set(doc, 'place', doc.place)
  for step in string.gmatch(planned(doc.pipeline, 'steps'), '%S+') do move(doc, step) end
  return 'moved'
end

local words = {}
for at = 2, #ARGV do words[at - 1] = reprioritise(ARGV[at]) end
flush()
return words
