-- What was unusual about one document: when, which job, what, why. Absent for the usual document.
-- @include keys clock

local LONGEST_LOG = 100

local function note(id, job, what, why)
  local line = string.format('%.0f %s %s', NOW, job, what) .. (why and why ~= '' and ': ' .. why or '')
  redis.call('RPUSH', log_key(id), line)
  redis.call('LTRIM', log_key(id), -LONGEST_LOG, -1)
end
