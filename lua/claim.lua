#!lua flags=allow-oom
--[[
claim: lease jobs to a slot that has nothing to complete.

KEYS
  slot             hash: the slot's record
ARGV
  incarnation      of the slot
  lanes            space separated, in order of preference; a class as lane:class
  serves           space separated: ids of the pipelines that the slot knows, and what else lib/served.lua says
  call             number of this call; each is one more than the last
  want             how many jobs at most; a batch counts as one
ANSWERS
  leased {} jobs part  jobs taken; a job is {job, token, pipeline, attempt, delivery, memory (how often it found too little),
                   whose (its tenant, and what a trace needs: lib/origin.lua), item or nil, need or nil...}; part: lane:class, where more may come for a batch that is not full, or empty
  none {} {}       nothing is ready
  paused {} {}     the lanes that might have a job are paused, or rest while their service is down
  paced {} {} part wait  a lane gives no more just now; wait: ms until it may give one
  sibling {} {}    the best job is for another process on this card: let it have the card
  used {} {}       the best job wants an unused process: make place for one
  unrenewed {} {}  the supervisor has not renewed this slot for a lease: nothing may be claimed
  repeated {} jobs the call was made before: what it claimed and the slot still holds
  old              a later call was made: nothing changed
  retired          another incarnation has this slot's place: stop
  unknown          no record: the supervisor has not announced this slot yet, or Redis lost it
MAY BE SENT AGAIN  yes, with the same call number
]]

local refusal = begin(KEYS[1], ARGV[1], ARGV[4])
if refusal then return answer_of(refusal) end
local word, jobs = take(tonumber(ARGV[5]), ARGV[2], ARGV[3])
remember({})
-- Whoever takes a job passes the hint on (or looked at all it may in one call); whoever empties the lane clears it.
-- What waits in a class may not be for this slot: then its hint would only wake this slot again. A slot that asks for one
-- class knows nothing of the rest of the lane, and leaves its hint as it is.
local function pass_on(lane)
  local more = redis.call('ZCARD', ready_key(lane)) > 0 and word ~= 'paused' and word ~= 'paced'
  if word == 'leased' then more = more or redis.call('HEXISTS', lane_key(lane), 'classes') == 1 end
  if more or slot.hurried or word == 'sibling' or word == 'used' then return hint(lane) end
  redis.call('DEL', wake_key(lane))
end

local in_order = lanes_of(ARGV[2])
for i, one in ipairs(in_order) do
  if in_order[-i] == '' then pass_on(in_order[one]) end
end
flush()
return { word, {}, jobs, part_to_fill(jobs), slot.wait or 0 }
