#!lua flags=allow-oom
--[[
fail: end leased jobs that did not succeed, and claim the next jobs.

KEYS
  slot             hash: the slot's record
ARGV
  incarnation      of the slot
  lanes            space separated, in order of preference; a class as lane:class
  serves           as in claim
  call             number of this call; each is one more than the last
  want             how many jobs to claim afterwards, at most
  jobs...          job, token, how, delay (ms), class (of the error, at most 48 bytes), text (for the log), used (as in complete)
                   how: attempt (counted; again while retries are left), fatal (never again),
                   wait (not counted: something it needs is down, its lane rests), release (not counted, not its fault),
                   memory (not counted: too little memory; alone after the delay, and failed the third time)
ANSWERS
  leased verdicts jobs part  as claim; verdicts: for each job failed, or stale, ended, gone as in complete
  none verdicts {}
  paused verdicts {}
  paced verdicts {} part wait  as claim
  sibling verdicts {}
  used verdicts {}
  unrenewed verdicts {}
  ok verdicts {}         nothing was wanted
  repeated verdicts jobs the same call again
  old                    a later call was made: nothing changed
  retired                another incarnation has this slot's place: stop
  unknown                no record of this slot
MAY BE SENT AGAIN  yes, with the same call number
]]

local refusal = begin(KEYS[1], ARGV[1], ARGV[4])
if refusal then return answer_of(refusal) end

-- What one job of a lane needs, the others need too: none is tried for a moment.
local function rest(doc, step, delay)
  local until_then = string.format('%d', NOW + math.min(delay, LONGEST_REST))
  redis.call('HSET', lane_key(lane_of(doc, step)), 'resting', until_then)
end

local function settle(doc, own, how, delay, class)
  if how == 'attempt' then return settle_attempt(doc, own, class, delay) end
  if how == 'fatal' then return settle_failed(doc, own, own.attempts + 1, class) end
  if how == 'memory' then return settle_memory(doc, own, delay) end
  if how == 'wait' then
    set(doc, fields_of(own.step).error, class)
    rest(doc, own.step, delay)
  end
  settle_again(doc, own, own.attempts, delay)
end

local verdicts = {}
for at = 6, #ARGV, 7 do
  local job, token, how, delay, class, text, used = unpack(ARGV, at, at + 6)
  count_used(used)
  local doc, own = judge(job, token)
  forget(job, token)
  if doc then
    -- What is down may be down for a day: said once, not at each try.
    if how ~= 'wait' or redis.call('HGET', doc_key(doc.id), fields_of(own.step).error) ~= class then
      note(doc.id, job, how, class .. (text ~= '' and ': ' .. text or ''))
    end
    own.why = text
    settle(doc, own, how, tonumber(delay), class)
  else
    count('late:' .. own)
  end
  verdicts[#verdicts + 1] = doc and 'failed' or own
end

return claim_next(verdicts, ARGV[5], ARGV[2], ARGV[3])
