#!lua flags=allow-oom
--[[
claim: lease jobs to a slot that has nothing to complete.

KEYS
  slot             hash: the slot's record
ARGV
  incarnation      of the slot
  lanes            space separated, in order of preference; a class as lane:class
  serves           space separated ids of the pipelines that the slot knows
  call             number of this call; each is one more than the last
  want             how many jobs at most
ANSWERS
  leased {} jobs   jobs taken; a job is {job, token, pipeline, attempt, delivery, item or nil, need or nil...}
  none {} {}       nothing is ready
  paused {} {}     the lanes that might have a job are paused
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
for lane in string.gmatch(ARGV[2], '%S+') do
  if redis.call('ZCARD', ready_key(lane)) == 0 then
    redis.call('DEL', wake_key(lane))
  elseif word == 'leased' or word == 'none' then
    hint(lane)
  end
end
flush()
return { word, {}, jobs }
