#!lua
--[[
retry: revive ended documents. Only what is missing runs, and what was made of it; what is done is not done again.

KEYS
  retention        zset
ARGV
  from             the step from which on all runs again, done or not; or empty
  why              for the log
  documents...     id, revived (how often it was before, its field of that name): a pair for each; about five a call
ANSWERS
  word...          for each: revived; repeated (it was revived meanwhile, and nothing changed); unknown (no such document, it is
                   being purged, or its values were dropped as it succeeded); complete (nothing is missing); no-step (its
                   pipeline has no such step); or the status of one that has not ended
MAY BE SENT AGAIN  yes: a document is revived only if it was as often before as is said
]]

local from = ARGV[1] ~= '' and ARGV[1] or nil

local function retry(id, times)
  local doc = open(id)
  if not doc then return 'unknown' end
  if redis.call('HEXISTS', doc.key, 'purging') == 1 then return 'unknown' end
  if (doc.revived or '0') ~= times then return 'repeated' end
  if not FINAL_DOCUMENT[doc.status] then return doc.status end
  if redis.call('EXISTS', data_key(id)) == 0 then return 'unknown' end
  if from and not string.find(' ' .. doc.plan.steps .. ' ', ' ' .. from .. ' ', 1, true) then return 'no-step' end
  local before = doc.status
  if not revive(doc, from, tonumber(times)) then return 'complete' end
  if not made_as(id) then count('revived:' .. doc.name .. ':' .. before) end
  note(id, id, 'retry', ARGV[2] .. '; it was ' .. before .. (from and ', all from ' .. from .. ' on' or ''))
  return 'revived'
end

local words = {}
for at = 3, #ARGV, 2 do words[#words + 1] = retry(ARGV[at], ARGV[at + 1]) end
flush()
return words
